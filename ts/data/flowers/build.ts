import sharp from 'sharp';
import { FlorigenError, mustBe, UsageError } from '../../errors';
import type { SplitName } from '../pack';
import { type PackImage, type PackLayout, PackWriter } from '../pack-writer';
import { PhiloxStream, PURPOSE } from '../philox';
import { attributeIndices, type FlowerAttributes } from './attributes';
import { captionsFor } from './captions';
import { CATALOGUE, CATALOGUE_VERSION, FULL_IMAGE_COUNT, imagesPerSpecies } from './catalogue';
import { MIXED_ROWS, mixedFlower } from './mixed';
import { renderFlower } from './render';
import { FLOWERS_TRUTH } from './truth';
import { drawVariation, poseRow } from './variation';

export interface BuildFlowersOptions {
  /** The pack to write. */
  path: string;
  /** How many pictures; `'all'` is 8,189. Of species at least 102, one for each. */
  images: number | 'all';
  /**
   * Mixed flowers, which are of no species: every attribute of every picture is drawn by itself. A feature network
   * learns from them to see one attribute without guessing it from the others. Default: false.
   */
  mixed?: boolean;
  /** Sides in pixels to draw each picture at, such as [76]. */
  sizes: readonly number[];
  /** 0 to 2^32 - 1; varies pictures and captions, never species. */
  seed: number;
  signal?: AbortSignal;
  onProgress?: (progress: { done: number; total: number }) => void;
}

/** Pictures being drawn at once: enough to keep two cores at work beside the main thread. */
const IN_FLIGHT = 3;
/** Captions of a picture of an unseen species with words that training never has. */
const HELD_OUT_CAPTIONS = 2;

/** More than anyone's disk wants of them. */
const MOST_MIXED = 1_000_000;

/** What is drawn, but for its variation. */
interface Subject {
  attributes: FlowerAttributes;
  /** Class and species, or -1. */
  classId: number;
  split: SplitName;
  /** A folder of its source path. */
  folder: string;
  /** The number that its variation and its captions are drawn by. */
  row: number;
}

/** Flowers of the species, in the order of the catalogue. */
function speciesSubjects(total: number): Subject[] {
  const subjects: Subject[] = [];
  for (const [id, count] of imagesPerSpecies(total).entries()) {
    const { attributes, split, name: folder } = CATALOGUE[id]!;
    for (let i = 0; i < count; i++)
      subjects.push({ attributes, classId: id, split, folder, row: subjects.length });
  }
  return subjects;
}

function mixedSubjects(total: number, seed: number): Subject[] {
  if (!Number.isInteger(total) || total < 1 || total > MOST_MIXED)
    throw new UsageError(mustBe('images', `an integer from 1 to ${MOST_MIXED}`, total));
  return Array.from({ length: total }, (_, index) => ({
    attributes: mixedFlower(seed, index),
    classId: -1,
    split: 'training',
    folder: 'mixed',
    row: MIXED_ROWS + index,
  }));
}

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

function checkOptions({ sizes, seed, signal }: BuildFlowersOptions): void {
  if (sizes.length === 0) throw new UsageError(mustBe('sizes', 'a list of at least one size', '[]'));
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 16 || size > 1024) {
      throw new UsageError(mustBe('sizes', 'integers from 16 to 1024', size));
    }
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new UsageError(mustBe('seed', 'an integer from 0 to 4294967295', seed));
  }
  throwIfAborted(signal);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new FlorigenError('ABORTED', 'Drawing the flowers was stopped; no pack was written.', {
      cause: signal.reason,
    });
  }
}

function layoutFor({ sizes, seed, mixed = false }: BuildFlowersOptions, imageCount: number): PackLayout {
  return {
    name: `${mixed ? 'mixed' : 'built-in'} flowers, seed ${seed}`,
    source: 'built-in flowers',
    classes: mixed ? null : CATALOGUE.map(({ name }) => name),
    zeroShot: !mixed,
    sizes: [...sizes],
    resize: 'rendered',
    generator: { catalogueVersion: CATALOGUE_VERSION, seed, ...(mixed ? { mixed } : {}) },
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
  const total = options.images === 'all' ? FULL_IMAGE_COUNT : options.images;
  const subjects = options.mixed ? mixedSubjects(total, options.seed) : speciesSubjects(total);
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
