import { mustBe, UsageError } from '../errors';
import type { Dataset } from './dataset';
import { labelledGrid } from './labelled-grid';
import { PhiloxStream, PURPOSE } from './philox';

/** What a contact sheet shows; everything has a default. */
export interface ContactSheetOptions {
  /** Number of images, at most all; default 24. */
  count?: number;
  /** Chooses the images and their captions; default 0. */
  seed?: number;
  columns?: number;
  /** Side of the stored images to show; default the smallest from 64 up. */
  size?: number;
}

/** A PNG with images of a pack drawn at random, each with one of its captions beneath. */
export async function contactSheet(dataset: Dataset, options: ContactSheetOptions = {}): Promise<Buffer> {
  const { count = 24, seed = 0, columns = 6 } = options;
  if (!(Number.isInteger(count) && count > 0)) {
    throw new UsageError(mustBe('count', 'a positive integer', count));
  }
  const sizes = [...dataset.sizes].sort((a, b) => a - b);
  const size = options.size ?? sizes.find((side) => side >= 64) ?? sizes.at(-1)!;
  const random = new PhiloxStream(seed, PURPOSE.contactSheet);
  const chosen = random.shuffle([...Array(dataset.imageCount).keys()]).slice(0, count);
  const images = [];
  for (const image of chosen) {
    const caption = random.pick(dataset.captionsOf(image));
    images.push({ data: await dataset.image(image, size), width: size, height: size, label: caption.text });
  }
  const { imageCount, captionCount } = dataset;
  const counts = `${imageCount.toLocaleString('en-US')} images, ${captionCount.toLocaleString('en-US')} captions`;
  return await labelledGrid({
    images,
    columns: Math.min(columns, images.length),
    scale: Math.max(1, Math.round(152 / size)),
    title: dataset.metadata.name,
    subtitle: counts,
  });
}
