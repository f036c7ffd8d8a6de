import { mustBe, UsageError } from '../../errors';
import type { SplitName } from '../pack';
import type { FlowerAttributes } from './attributes';
import { CATALOGUE, FULL_IMAGE_COUNT, imagesPerSpecies } from './catalogue';
import { MIXED_ROWS, mixedFlower } from './mixed';

/** More than anyone's disk wants of them. */
const MOST_MIXED = 1_000_000;

/** Which flowers a pack is of. */
export interface SubjectOptions {
  /** How many pictures, hybrids not counted; `'all'` is 8,189. Of species at least 102, one for each. */
  images: number | 'all';
  /**
   * Mixed flowers, which are of no species: every attribute of every picture is drawn by itself. A feature network
   * learns from them to see one attribute without guessing it from the others. Default: false.
   */
  mixed?: boolean | undefined;
  /**
   * How many mixed flowers come after the species, 0 to 1,000,000: for training, each a class of its own. A generator
   * learns from them to take colors apart, for two colors of theirs tell nothing else. Default: 0.
   */
  hybrids?: number | undefined;
  /** 0 to 2^32 - 1; varies pictures and captions, never species. */
  seed: number;
}

/** What is drawn, but for its variation. */
export interface Subject {
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

/** Flowers of no species, all for training. */
function mixedSubjects(total: number, seed: number, folder: 'mixed' | 'hybrids'): Subject[] {
  return Array.from({ length: total }, (_, index) => ({
    attributes: mixedFlower(seed, index),
    classId: -1,
    split: 'training',
    folder,
    row: MIXED_ROWS + index,
  }));
}

/**
 * The flowers of a pack, in its order. Hybrids come last, so that the pictures before them are those of a pack without.
 * @throws UsageError for a number of images that is none
 */
export function subjectsOf({ images, mixed, hybrids = 0, seed }: SubjectOptions): Subject[] {
  const total = images === 'all' ? FULL_IMAGE_COUNT : images;
  if (!mixed) return [...speciesSubjects(total), ...mixedSubjects(hybrids, seed, 'hybrids')];
  if (!Number.isInteger(total) || total < 1 || total > MOST_MIXED)
    throw new UsageError(mustBe('images', `an integer from 1 to ${MOST_MIXED}`, total));
  return mixedSubjects(total, seed, 'mixed');
}

/**
 * Refuses a number of hybrids that a pack cannot have.
 * @param name how the caller's users spell an option
 * @throws UsageError
 */
export function checkHybrids(
  { mixed, hybrids = 0 }: Pick<SubjectOptions, 'mixed' | 'hybrids'>,
  name = (option: 'mixed' | 'hybrids'): string => option,
): void {
  if (!Number.isInteger(hybrids) || hybrids < 0 || hybrids > MOST_MIXED)
    throw new UsageError(mustBe(name('hybrids'), `an integer from 0 to ${MOST_MIXED}`, hybrids));
  if (mixed && hybrids > 0)
    throw new UsageError(
      `${mustBe(name('hybrids'), `0 with \`${name('mixed')}\``, hybrids)}: hybrids stand beside species, and such a pack has none`,
    );
}
