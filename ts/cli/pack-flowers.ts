import { type BuildFlowersOptions, buildFlowersPack } from '../data/flowers/build';
import { FULL_IMAGE_COUNT } from '../data/flowers/catalogue';
import type { Output } from './output';

/** Draws and packs built-in flowers, with progress. */
export async function packFlowers(
  output: Output,
  options: Omit<BuildFlowersOptions, 'onProgress'>,
): Promise<void> {
  const { images, hybrids = 0 } = options;
  const total = (images === 'all' ? FULL_IMAGE_COUNT : images) + hybrids;
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
