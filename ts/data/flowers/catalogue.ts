import { mustBe, UsageError } from '../../errors';
import type { FlowerAttributes } from './attributes';
import document from './species-table.json';

export type SplitName = 'training' | 'validation' | 'test';
/** The numbers of `image.split` in a pack. */
export const SPLIT_CODES: Readonly<Record<SplitName, 0 | 1 | 2>> = { training: 0, validation: 1, test: 2 };

/** One kind of flower. `id` is its class number in every pack of this catalogue version. */
export interface Species {
  readonly id: number;
  readonly name: string;
  readonly split: SplitName;
  /** Images in the full set of 8,189. */
  readonly images: number;
  readonly attributes: FlowerAttributes;
}

/** Recorded in packs and by everything that is trained on them. */
export const CATALOGUE_VERSION = document.catalogueVersion;

function species(row: (typeof document.species)[number], id: number): Species {
  const [name, split, images, petalColor, tipColor, petalCount, petalShape, petalEdge, layers, ...rest] = row;
  const [centerColor, centerSize, stamens] = rest;
  const petals = { petalColor, tipColor, petalCount, petalShape, petalEdge, layers };
  const attributes = { ...petals, centerColor, centerSize, stamens } as FlowerAttributes;
  return { id, name: name as string, split: split as SplitName, images: images as number, attributes };
}

/** The 102 species; the place of a species is its class number. */
export const CATALOGUE: readonly Species[] = document.species.map(species);

/** Images of the full set. */
export const FULL_IMAGE_COUNT = CATALOGUE.reduce((sum, one) => sum + one.images, 0);

/** The attributes of a class number. */
export function attributesOf(id: number): FlowerAttributes {
  const found = CATALOGUE[id];
  if (!found) throw new UsageError(mustBe('species', `a class number below ${CATALOGUE.length}`, id));
  return found.attributes;
}

/**
 * Images of each species in a set of `total`: in proportion to the full set, by largest remainders, at least one.
 * @throws UsageError where `total` is not an integer of at least 102.
 */
export function imagesPerSpecies(total: number): number[] {
  if (!Number.isInteger(total) || total < CATALOGUE.length) {
    throw new UsageError(
      mustBe('images', `an integer of at least ${CATALOGUE.length}, one for each species`, total),
    );
  }
  const spare = total - CATALOGUE.length;
  const shares = CATALOGUE.map(
    ({ images }) => (spare * (images - 1)) / (FULL_IMAGE_COUNT - CATALOGUE.length),
  );
  const counts = shares.map((share) => 1 + Math.floor(share));
  const missing = total - counts.reduce((a, b) => a + b, 0);
  const byRemainder = shares
    .map((share, id) => ({ id, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.id - b.id);
  for (const { id } of byRemainder.slice(0, missing)) counts[id]!++;
  return counts;
}
