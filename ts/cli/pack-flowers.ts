import { buildFlowersPack } from '../data/flowers/build';
import type { Output } from './output';

/** Draws and packs built-in flowers, with progress. */
export async function packFlowers(
  output: Output,
  options: { path: string; images: number | 'all'; sizes: number[]; seed: number; signal: AbortSignal },
): Promise<void> {
  const total = options.images === 'all' ? 8189 : options.images;
  const progress = output.progress({ title: 'Drawing flowers', unit: 'images', total });
  try {
    await buildFlowersPack({
      ...options,
      onProgress: ({ done, total: all }) => progress.update(done, { total: all }),
    });
  } finally {
    progress.end();
  }
}
