import { attributesOf, CATALOGUE_VERSION } from '../../data/flowers/catalogue';
import { mustBe, UsageError } from '../../errors';
import type { Features } from '../../models/features';
import { topOneDifference } from './class-ranking';
import { captionsOfSplit } from './encode-captions';
import { type EncoderEvaluation, judgeEncoder } from './encoder-evaluation';
import { checkTrainedElsewhere } from './foreign-classes';
import { colorWordsLine, featureLines, featuresFor, knowsImages, measuredImages } from './image-lines';
import { compareProbes, encodeCaptions, measureTriples, type TextMeasureOptions } from './text-measures';

/** Options of {@link evaluateEncoder}. */
export interface EvaluateEncoderOptions extends TextMeasureOptions {
  /** Default `test`; every choice is made on `validation`. */
  split?: 'validation' | 'test';
  /** A file of image features; default those beside the pack. */
  features?: string | undefined;
}

/**
 * Does a text encoder know which picture a sentence means? The measure of docs/evaluation.md.
 * @throws DataError for an encoder or features that were trained on the classes that measure them; UsageError;
 *   FlorigenError `ABORTED`
 */
export async function evaluateEncoder(options: EvaluateEncoderOptions): Promise<EncoderEvaluation> {
  const { encoder, dataset, split = 'test', seed = 0 } = options;
  const measured = measuredImages(dataset, split);
  const about = { dataset, split, classes: measured.classes };
  checkTrainedElsewhere('The text encoder', encoder.provenance, about);
  const features = await featuresOf(options);
  if (features) checkTrainedElsewhere('The network of the image features', features.provenance, about);
  const flowers =
    dataset.metadata.source === 'built-in flowers' &&
    dataset.metadata.generator?.catalogueVersion === CATALOGUE_VERSION;
  const captions = captionsOfSplit(dataset, split);
  const own = await encodeCaptions(encoder, captions, options);
  const lines = features && (await featureLines(measured, features, own, seed));
  const colorWords = flowers ? await colorWordsLine(measured, seed) : null;
  const zeroShot = lines?.zeroShot ?? null;
  const { images, classes } = measured;
  const sizes = { images: images.length, captions: captions.length, classes: classes.length };
  const found = {
    format: 'florigen.encoder-evaluation',
    formatVersion: 2,
    encoder: { id: encoder.id, fingerprint: encoder.fingerprint },
    data: { name: dataset.metadata.name, fingerprint: dataset.fingerprint, ...sizes },
    split,
    seed,
    features: features && { source: features.source, trainingKnown: features.provenance !== null },
    sharedColors: flowers ? sharedColors(measured.labels) : null,
    zeroShot,
    colorWords,
    nearestMean: lines?.nearestMean ?? null,
    aboveColorWords: zeroShot && colorWords && topOneDifference(zeroShot, colorWords, seed),
    probes: flowers ? await compareProbes(own, options) : null,
    triples: flowers ? await measureTriples(split, options) : null,
  } as const;
  const bars = judgeEncoder(found);
  return { ...found, bars, passed: Object.values(bars).every(({ passed }) => passed) };
}

/** The features that show what the encoder knows of images; null for one that was not trained on any. @throws UsageError */
async function featuresOf({ encoder, dataset, features }: EvaluateEncoderOptions): Promise<Features | null> {
  if (knowsImages(encoder)) return await featuresFor(encoder, dataset, features);
  if (features === undefined) return null;
  throw new UsageError(
    mustBe('features', `left out with ${encoder.id}, which was trained on none`, features),
  );
}

/** What the two colors tell apart: species that share both with another, and how often the largest of a pair is right. */
export function sharedColors(labels: readonly number[]): NonNullable<EncoderEvaluation['sharedColors']> {
  const images = new Map<string, Map<number, number>>();
  for (const id of labels) {
    const { petalColor, centerColor } = attributesOf(id);
    const pair = images.get(`${petalColor} ${centerColor}`) ?? new Map<number, number>();
    images.set(`${petalColor} ${centerColor}`, pair.set(id, (pair.get(id) ?? 0) + 1));
  }
  const pairs = [...images.values()];
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
  return {
    species: sum(pairs.map((pair) => pair.size)),
    sharing: sum(pairs.map((pair) => (pair.size > 1 ? pair.size : 0))),
    pairs: pairs.length,
    largestOfPair: sum(pairs.map((pair) => Math.max(...pair.values()))) / labels.length,
  };
}
