import type { Dataset } from '../data/dataset';
import { attributesOf, CATALOGUE_VERSION } from '../data/flowers/catalogue';
import type { SplitName } from '../data/pack';
import { PhiloxStream, PURPOSE } from '../data/philox';
import { DataError } from '../errors';
import type { AttributeCaption } from './attribute-captions';
import { cutAsTrained } from './cut';
import { meanAbsoluteDifference, type PairDifference } from './diversity';
import type { Painting } from './painter';
import { READER_SIZE } from './reader/features';
import { EVALUATION_PASS } from './statistics';

/** Pairs of real pictures per species, for the difference that natural variation makes. */
const PAIRS_PER_SPECIES = 20;

/** A picture of the pack with what it shows, as if a caption had asked for it. */
export interface RealRender {
  painting: Painting;
  caption: AttributeCaption;
}

/** @throws DataError where a pack does not hold the built-in flowers of this catalogue */
export function checkFlowersPack(dataset: Dataset): void {
  const { source, generator, sizes } = dataset.metadata;
  if (source !== 'built-in flowers') {
    throw new DataError(
      `\`${dataset.path}\` must be a pack of built-in flowers, but its source is "${source}" instead: only of the built-in flowers is it known what colors they have.`,
      { hint: 'Build one with `florigen dataset build`.' },
    );
  }
  if (generator?.catalogueVersion !== CATALOGUE_VERSION) {
    throw new DataError(
      `\`${dataset.path}\` must be of catalogue version ${CATALOGUE_VERSION}, but is of version ${generator?.catalogueVersion} instead.`,
      { hint: 'Build the pack again with this florigen.' },
    );
  }
  if (Math.max(...sizes) < READER_SIZE) {
    throw new DataError(
      `\`${dataset.path}\` must hold images of at least ${READER_SIZE} pixels, but holds ${sizes.join(', ')}.`,
    );
  }
}

/** Up to `count` pictures of a split, evenly spread over it. */
export async function readerRenders(
  dataset: Dataset,
  split: SplitName,
  count: number,
  seed: number,
): Promise<RealRender[]> {
  const images = dataset.imagesOf(split);
  const every = Math.max(1, images.length / count);
  const chosen = images.filter((_, i) => Math.floor(i / every) !== Math.floor((i - 1) / every));
  const renders: RealRender[] = [];
  for (const image of chosen) {
    const species = dataset.classOf(image);
    const attributes = attributesOf(species);
    renders.push({
      painting: await asTrained(dataset, image, seed),
      caption: {
        number: image,
        text: '',
        species,
        attributes,
        petal: attributes.petalColor,
        tip: attributes.tipColor,
        center: attributes.centerColor,
      },
    });
  }
  return renders;
}

/** Differences of pictures of one species: neighbors in the pack, up to 20 pairs of each species. */
export async function renderedPairs(
  dataset: Dataset,
  split: SplitName,
  seed: number,
): Promise<PairDifference[]> {
  const bySpecies = new Map<number, number[]>();
  for (const image of dataset.imagesOf(split)) {
    const species = dataset.classOf(image);
    bySpecies.set(species, [...(bySpecies.get(species) ?? []), image]);
  }
  const pairs: PairDifference[] = [];
  for (const [species, images] of bySpecies) {
    for (let k = 0; k < Math.min(PAIRS_PER_SPECIES, images.length >> 1); k++) {
      const one = await asTrained(dataset, images[2 * k]!, seed);
      const other = await asTrained(dataset, images[2 * k + 1]!, seed);
      pairs.push({ species, difference: meanAbsoluteDifference(one, other) });
    }
  }
  return pairs;
}

async function asTrained(dataset: Dataset, image: number, seed: number): Promise<Painting> {
  const side = Math.min(...dataset.sizes.filter((size) => size >= READER_SIZE));
  const random = new PhiloxStream(seed, PURPOSE.evaluation, { pass: EVALUATION_PASS.crops, row: image });
  return cutAsTrained(await dataset.image(image, side), side, random);
}
