import sharp from 'sharp';
import { FlorigenError, mustBe, UsageError } from '../../errors';
import { type PackImage, type PackLayout, PackWriter } from '../pack-writer';
import { PhiloxStream, PURPOSE } from '../philox';
import { attributeIndices } from './attributes';
import { captionsFor } from './captions';
import { CATALOGUE, CATALOGUE_VERSION } from './catalogue';
import { renderFlower } from './render';
import { checkHybrids, type Subject, type SubjectOptions, subjectsOf } from './subjects';
import { FLOWERS_TRUTH } from './truth';
import { drawVariation, poseRow } from './variation';

export interface BuildFlowersOptions extends SubjectOptions {
  /** The pack to write. */
  path: string;
  /** Sides in pixels to draw each picture at, such as [76]. */
  sizes: readonly number[];
  signal?: AbortSignal;
  onProgress?: (progress: { done: number; total: number }) => void;
}

/** Pictures being drawn at once: enough to keep two cores at work beside the main thread. */
const IN_FLIGHT = 3;
/** Captions of a picture of an unseen species with words that training never has. */
const HELD_OUT_CAPTIONS = 2;

async function drawImage(
  index: number,
  { attributes, classId, split, folder, row }: Subject,
  { seed, sizes }: BuildFlowersOptions,
): Promise<PackImage> {
  const variation = drawVariation(seed, row);
  const pixels: Record<number, Uint8Array> = {};
  const mask: Record<number, Uint8Array> = {};
  for (const size of sizes) {
    const drawn = await renderFlower(attributes, variation, size);
    pixels[size] = drawn.pixels;
    mask[size] = drawn.mask;
  }
  const words = new PhiloxStream(seed, PURPOSE.captions, { row });
  const heldOutCount = split === 'training' ? 0 : HELD_OUT_CAPTIONS;
  return {
    pixels,
    classId,
    split,
    captions: captionsFor(attributes, words, { heldOutCount }),
    source: { path: `flowers-v${CATALOGUE_VERSION}/seed-${seed}/${folder}/${index}` },
    truth: {
      attributes: [classId, ...attributeIndices(attributes)],
      background: variation.scene.base,
      pose: poseRow(variation),
      mask,
    },
  };
}

function checkOptions(options: BuildFlowersOptions): void {
  const { sizes, seed, signal } = options;
  if (sizes.length === 0) throw new UsageError(mustBe('sizes', 'a list of at least one size', '[]'));
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 16 || size > 1024) {
      throw new UsageError(mustBe('sizes', 'integers from 16 to 1024', size));
    }
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new UsageError(mustBe('seed', 'an integer from 0 to 4294967295', seed));
  }
  checkHybrids(options);
  throwIfAborted(signal);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new FlorigenError('ABORTED', 'Drawing the flowers was stopped; no pack was written.', {
      cause: signal.reason,
    });
  }
}

function layoutFor(options: BuildFlowersOptions, imageCount: number): PackLayout {
  const { sizes, seed, mixed = false, hybrids = 0 } = options;
  const beside = hybrids > 0 ? `, with ${hybrids.toLocaleString('en-US')} hybrids` : '';
  const kind = { ...(mixed ? { mixed } : {}), ...(hybrids > 0 ? { hybrids } : {}) };
  return {
    name: `${mixed ? 'mixed' : 'built-in'} flowers, seed ${seed}${beside}`,
    source: 'built-in flowers',
    classes: mixed ? null : CATALOGUE.map(({ name }) => name),
    zeroShot: !mixed,
    sizes: [...sizes],
    resize: 'rendered',
    generator: { catalogueVersion: CATALOGUE_VERSION, seed, ...kind },
    truth: FLOWERS_TRUTH,
    imageCount,
  };
}

/** Runs `work` for 0 to count - 1, a few at once; the first failure ends it after those in hand. */
async function overAll(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < count && !failed) {
      await work(next++).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, worker));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/**
 * Draws and describes the built-in flowers and packs them. The same options give the same bytes on one machine.
 * @throws FlorigenError `USAGE` for a wrong option, `ABORTED` where the signal fired, `IO`; nothing is then left
 */
export async function buildFlowersPack(options: BuildFlowersOptions): Promise<void> {
  checkOptions(options);
  const subjects = subjectsOf(options);
  const writer = await PackWriter.create(options.path, layoutFor(options, subjects.length));
  const threadsBefore = sharp.concurrency();
  sharp.concurrency(1); // parallel over pictures; threads within a small picture only get in each other's way
  try {
    let done = 0;
    await overAll(subjects.length, async (index) => {
      throwIfAborted(options.signal);
      await writer.addImage(index, await drawImage(index, subjects[index]!, options));
      options.onProgress?.({ done: ++done, total: subjects.length });
    });
  } catch (error) {
    await writer.abort();
    throw error;
  } finally {
    sharp.concurrency(threadsBefore);
  }
  await writer.finish();
}
