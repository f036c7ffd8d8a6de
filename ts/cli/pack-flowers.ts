import { buildFlowersPack } from '../data/flowers/build';
import { FULL_IMAGE_COUNT } from '../data/flowers/catalogue';
import type { Output } from './output';

/** Draws and packs built-in flowers, with progress. */
export async function packFlowers(
  output: Output,
  options: {
    path: string;
    images: number | 'all';
    mixed?: boolean;
    sizes: number[];
    seed: number;
    signal: AbortSignal;
  },
): Promise<void> {
  const total = options.images === 'all' ? FULL_IMAGE_COUNT : options.images;
  const progress = output.progress({ title: 'Drawing flowers', unit: 'images', total });
  try {
    await buildFlowersPack({
      ...options,
      onProgress: ({ done }) => progress.update(done),
    });
  } finally {
    progress.end();
  }
}
