import type { Dataset } from '../../data/dataset';
import { DataError, mustBe, UsageError } from '../../errors';
import { type Features, findFeatures, openFeatures, readView } from '../../models/features';
import type { TextEncoder } from '../../models/text-encoder';
import { type ClassRanking, rankClasses } from './class-ranking';
import { ColorLine, colorSamples } from './color-line';
import type { EncodedCaptions } from './encode-captions';
import { groupMeans, nearestMeanScores, textScores } from './zero-shot';

/** The images of a split and their classes. */
export interface MeasuredImages {
  dataset: Dataset;
  images: number[];
  /** Class id of each image. */
  labels: number[];
  /** Their class ids, ascending. */
  classes: number[];
}

/** @throws DataError where there are fewer than two classes to tell apart */
export function measuredImages(dataset: Dataset, split: 'validation' | 'test'): MeasuredImages {
  const images = dataset.imagesOf(split).filter((image) => dataset.classOf(image) >= 0);
  const labels = images.map((image) => dataset.classOf(image));
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  if (classes.length >= 2) return { dataset, images, labels, classes };
  throw new DataError(
    `\`${dataset.path}\` must have at least two classes in the ${split} split to measure an encoder on, but has ${classes.length}.`,
  );
}

/** Whether an encoder's embeddings lie in the space of image features: it was trained there, or does not say. */
export function knowsImages(encoder: TextEncoder): boolean {
  return encoder.tensors !== undefined && encoder.provenance?.features !== null;
}

/**
 * The features that an encoder is measured with: the given ones; else those beside the pack that it was trained on; else
 * the only ones there. @throws UsageError where they are neither those that it was trained on nor of the same network in
 * another precision, or are of another width
 */
export async function featuresFor(
  encoder: TextEncoder,
  dataset: Dataset,
  given: string | undefined,
): Promise<Features> {
  const source = textOf(encoder.provenance?.features);
  const path = given ?? (await findFeatures(dataset, { option: 'features', source }));
  const features = await openFeatures(path, dataset);
  const sameNetwork = features.trunk !== null && features.trunk === encoder.provenance?.featureTrunk;
  if (source !== null && features.source !== source && !sameNetwork)
    throw new UsageError(
      mustBe(
        'features',
        `those that the encoder was trained on (${source.slice(0, 12)})`,
        features.source.slice(0, 12),
      ),
      { hint: 'Name their file with `--features FILE`, or extract them with the network that made them.' },
    );
  const width = features.tensor.shape[2]!;
  if (width === encoder.sizes.sentence) return features;
  throw new UsageError(
    mustBe('features', `as wide as the embeddings of the encoder (${encoder.sizes.sentence})`, width),
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Images by the mean text of their class, and by the mean features of their class. */
export async function featureLines(
  { images, labels, classes }: MeasuredImages,
  features: Features,
  { captions, rows }: EncodedCaptions,
  seed: number,
): Promise<{ zeroShot: ClassRanking; nearestMean: ClassRanking }> {
  const view = await readView(features, images, 0);
  const of = captions.map(({ classId }) => classId);
  const texts = groupMeans(rows, of, classes);
  return {
    zeroShot: rankClasses(textScores(view, labels, texts, classes), seed),
    nearestMean: rankClasses(nearestMeanScores(view, labels, classes), seed),
  };
}

/** What color words alone achieve, fitted on training species. */
export async function colorWordsLine(
  { dataset, images, classes }: MeasuredImages,
  seed: number,
): Promise<ClassRanking> {
  const ofSpecies = dataset.imagesOf('training').filter((image) => dataset.classOf(image) >= 0);
  const line = new ColorLine(await colorSamples(dataset, ofSpecies));
  return rankClasses(line.scores(await colorSamples(dataset, images), classes), seed);
}
