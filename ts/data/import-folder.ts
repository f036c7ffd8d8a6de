import { availableParallelism } from 'node:os';
import path from 'node:path';
import { DataError, FlorigenError, mustBe, UsageError } from '../errors';
import { decodeImage, type Resize } from './import-folder-image';
import { type Candidate, type Skipped, scanFolder } from './import-folder-scan';
import type { PackDescription } from './pack';
import { PackWriter } from './pack-writer';
import { PhiloxStream, PURPOSE } from './philox';

export type { Skipped } from './import-folder-scan';

/** What to import and how; all but the two paths have defaults. */
export interface ImportFolderOptions {
  /** A folder of JPEG, PNG and WebP files, each with a .txt of captions beside it; classes from its sub-folders. */
  folder: string;
  /** The pack to write. */
  path: string;
  /** Name of the pack; default the folder's. */
  name?: string;
  /** Sides of the stored square images, in pixels; default [76], from which 64 are cropped while training. */
  sizes?: readonly number[];
  /** `squash` (default, as Reed et al. did) scales both sides to the size; `crop` keeps the middle square. */
  resize?: Resize;
  /** Chooses the images that are held out; default 0. */
  seed?: number;
  signal?: AbortSignal;
  onProgress?: (progress: { done: number; total: number }) => void;
}

/** What an import did. */
export interface ImportReport {
  path: string;
  /** Images in the pack. */
  packed: number;
  captions: number;
  /** Names of classes by id; null where the folder has no sub-folders with images. */
  classes: string[] | null;
  /** Images held out of training: a tenth, drawn at random. Their classes are trained on, so this is not zero-shot. */
  heldOut: number;
  zeroShot: false;
  /** Everything that is not in the pack, and why. */
  skipped: Skipped[];
}

/**
 * Packs a folder of one's own images. Files are taken in the order of their names, so the same folder and seed give
 * the same pack.
 * @throws DataError where no image is left, UsageError for bad options, code `ABORTED` when stopped: no pack then
 */
export async function importFolder(options: ImportFolderOptions): Promise<ImportReport> {
  const { sizes, resize, seed } = checkOptions(options);
  const { candidates, classes, skipped } = await scanFolder(options.folder);
  if (candidates.length === 0) refuseEmpty(options.folder, skipped);
  const description: PackDescription = {
    name: options.name ?? path.basename(path.resolve(options.folder)),
    source: 'folder',
    classes,
    zeroShot: false,
    sizes,
    resize,
  };
  const writer = await PackWriter.create(options.path, { ...description, imageCount: candidates.length });
  try {
    const captions = await addImages(writer, candidates, { ...options, sizes, resize, skipped });
    if (writer.count === 0) refuseEmpty(options.folder, skipped);
    const held = holdOut(writer.count, seed);
    for (const image of held) writer.setSplit(image, 'validation');
    const report = { path: options.path, packed: writer.count, captions, classes, heldOut: held.length };
    await writer.finish();
    skipped.sort((a, b) => (a.file < b.file ? -1 : 1));
    return { ...report, zeroShot: false, skipped };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** A tenth of the images, rounded, but at least one where there are two or more. */
function holdOut(count: number, seed: number): number[] {
  const held = count < 2 ? 0 : Math.max(1, Math.round(count / 10));
  return new PhiloxStream(seed, PURPOSE.holdOut).shuffle([...Array(count).keys()]).slice(0, held);
}

/** Decodes a few images at a time and adds them in order. Returns the number of captions. */
async function addImages(
  writer: PackWriter,
  candidates: readonly Candidate[],
  options: Pick<ImportFolderOptions, 'signal' | 'onProgress'> & {
    sizes: number[];
    resize: Resize;
    skipped: Skipped[];
  },
): Promise<number> {
  const { signal, onProgress, sizes, resize, skipped } = options;
  const width = Math.min(8, availableParallelism() * 2);
  let captions = 0;
  for (let start = 0; start < candidates.length; start += width) {
    if (signal?.aborted) throw new FlorigenError('ABORTED', 'The import was stopped; no pack was written.');
    const group = candidates.slice(start, start + width);
    const decoded = await Promise.all(group.map(({ file }) => decodeImage(file, sizes, resize)));
    for (const [place, image] of decoded.entries()) {
      const { name, classId, captions: texts } = group[place]!;
      if ('reason' in image) {
        skipped.push({ file: name, reason: image.reason });
        continue;
      }
      await writer.addImage(writer.count, {
        pixels: image.pixels,
        classId,
        split: 'training',
        captions: texts.map((text) => ({ text, held: false })),
        source: { path: name, sha256: image.sha256 },
      });
      captions += texts.length;
    }
    onProgress?.({ done: Math.min(start + width, candidates.length), total: candidates.length });
  }
  return captions;
}

function checkOptions(options: ImportFolderOptions): { sizes: number[]; resize: Resize; seed: number } {
  const { sizes = [76], resize = 'squash', seed = 0 } = options;
  if (sizes.length === 0) throw new UsageError(mustBe('sizes', 'a list of at least one size', 'empty'));
  for (const size of sizes) {
    if (!(Number.isInteger(size) && size >= 1 && size <= 4096)) {
      throw new UsageError(mustBe('sizes', 'whole numbers of pixels from 1 to 4096', size));
    }
  }
  if (new Set(sizes).size !== sizes.length) {
    throw new UsageError(mustBe('sizes', 'a list without repetition', sizes.join(', ')));
  }
  if (resize !== 'squash' && resize !== 'crop') {
    throw new UsageError(mustBe('resize', '`squash` or `crop`', resize));
  }
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new UsageError(mustBe('seed', 'a whole number from 0 to 4294967295', seed));
  }
  return { sizes: [...sizes], resize, seed };
}

function refuseEmpty(folder: string, skipped: readonly Skipped[]): never {
  const first = skipped[0];
  const why = first === undefined ? 'it has none' : `all were skipped, as \`${first.file}\`: ${first.reason}`;
  throw new DataError(`\`${folder}\` must hold images with captions, but ${why}.`, {
    hint: 'Put a text file beside each image, such as rose.txt for rose.jpg, with one caption on each line.',
  });
}
