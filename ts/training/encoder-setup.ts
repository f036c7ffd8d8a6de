import path from 'node:path';
import { spaceToken } from '../data/alphabet';
import type { Dataset } from '../data/dataset';
import { EncoderPlanner } from '../data/encoder-plan';
import { planSource, trainingCaptions, trainingImages } from '../data/plan-source';
import { buildVocabulary } from '../data/word-vocabulary';
import { DataError, mustBe, UsageError } from '../errors';
import type { EncoderOptions } from '../models/encoder-options';
import { openEngine } from '../models/engine';
import { type Features, findFeatures, openFeatures } from '../models/features';
import { refuseTooMuchText } from '../models/memory-estimate';
import { networkRuns } from '../models/network-runs';
import { choosePrecision } from '../models/precision';
import { textArchitectures } from '../models/text-architectures';
import { createTokenizer, type TokenizerOptions } from '../models/tokenizer';
import { ensureTokens } from '../models/tokens';
import { nativeTextNetwork } from '../models/trained-encoder';
import type { FlorigenAddon } from '../native/addon';
import { NativeTrainer } from './native-trainer';
import { networkParts } from './network-parts';
import type { SetupHooks, TrainerParts } from './trainer-types';

/** The format of a text encoder's checkpoints. */
export const encoderCheckpointFormat = networkRuns.encoder.checkpointFormat;

/** Names of the metrics of a text encoder's step, in the order of the state tensors. */
export const encoderMetrics = ['encoderLoss', 'accuracy'] as const;
export type EncoderMetric = (typeof encoderMetrics)[number];

/** What a text encoder's run is made of. */
export interface EncoderParts extends TrainerParts<EncoderOptions, EncoderMetric> {
  /** What it learns from; null without image features. */
  features: Features | null;
}

/**
 * Makes everything of a text encoder's run. Refuses what can be refused before any large memory is taken.
 * @param trainedOn source of the features that the run has learned from; null where it has not learned yet
 */
export async function setUpEncoder(
  {
    options: asked,
    dataset,
    trainedOn,
  }: { options: EncoderOptions; dataset: Dataset; trainedOn: string | null },
  hooks: SetupHooks,
  addon?: FlorigenAddon,
): Promise<EncoderParts> {
  const features = asked.objective.kind === 'sje' ? await featuresOf(asked, dataset, trainedOn) : null;
  const planner = new EncoderPlanner(planSource(dataset, Math.max(...dataset.sizes)), {
    seed: asked.seed,
    batchSize: asked.batchSize,
    splits: asked.data.splits,
    objective: asked.objective.kind,
    viewCount: features?.tensor.shape[1] ?? 0,
    stepsPerEpoch: asked.stepsPerEpoch,
  });
  const own = encoderOptionsOf(asked, dataset);
  const tokenizer = createTokenizer(textArchitectures[asked.architecture].tokens, own as TokenizerOptions);
  const engine = openEngine({ device: asked.device, threads: asked.threads }, addon);
  const precision = choosePrecision(asked.precision, engine.device);
  const options = { ...asked, data: namedFeatures(asked.data), precision };
  const { architecture, deterministic, dropout, objective, optimizer } = options;
  const network = nativeTextNetwork(architecture, own, tokenizer);
  refuseTooMuchText(network, options, engine);
  const handle = await engine.addon.createTextEncoderTrainer({
    network: {
      ...network,
      dropout,
      device: engine.device,
      precision,
      deterministic,
    },
    seed: options.seed,
    tokens: await ensureTokens(dataset, tokenizer, hooks.signal),
    features: features?.tensor ?? null,
    objective,
    optimizer: {
      kind: optimizer.kind,
      beta1: optimizer.beta1,
      beta2: optimizer.beta2,
      epsilon: optimizer.epsilon,
    },
    initialRange: options.initialRange,
    wordDropout: {
      share: options.wordDropout,
      separator: textArchitectures[architecture].tokens === 'characters' ? spaceToken : 0,
    },
  });
  const native = new NativeTrainer(engine.addon, handle, encoderMetrics);
  const parts = networkParts(
    { options, dataset, engine, native, planner },
    {
      format: encoderCheckpointFormat,
      learningRate: optimizer.learningRate,
      network: { id: architecture, options: own },
      provenance: { features: features?.source ?? null, featureTrunk: features?.trunk ?? null },
    },
  );
  return { ...parts, features };
}

/** The images that a run learns of. */
export function trainedImages({ data }: EncoderOptions, dataset: Dataset): Int32Array {
  return trainingImages(planSource(dataset, Math.max(...dataset.sizes)), data.splits).images;
}

/** Options that name features of one's own from wherever the run goes on. */
function namedFeatures(data: EncoderOptions['data']): EncoderOptions['data'] {
  return data.features === undefined ? data : { ...data, features: path.resolve(data.features) };
}

/** Opens the features of a run again. @throws DataError where they are no longer those that it learned from */
export async function sameFeatures({ path, source }: Features, dataset: Dataset): Promise<Features> {
  const features = await openFeatures(path, dataset);
  refuseOtherFeatures(features, source);
  return features;
}

function refuseOtherFeatures({ path, source }: Features, trainedOn: string): void {
  if (source === trainedOn) return;
  throw new DataError(
    `\`${path}\` must hold the image features that the run learned from (${trainedOn.slice(0, 12)}), but holds others (${source.slice(0, 12)}).`,
    { hint: 'Name the file of the first ones with `--data-features FILE`, or begin a new run.' },
  );
}

async function featuresOf(
  { data, embeddingSize }: EncoderOptions,
  dataset: Dataset,
  trainedOn: string | null,
): Promise<Features> {
  const file = data.features ?? (await findFeatures(dataset, { source: trainedOn }));
  const features = await openFeatures(file, dataset);
  if (trainedOn !== null) refuseOtherFeatures(features, trainedOn);
  const width = features.tensor.shape[2]!;
  if (embeddingSize === width) return features;
  throw new UsageError(
    mustBe('embeddingSize', `${width}, the width of the features in ${features.path}`, embeddingSize),
  );
}

/** The options that make the encoder again; the words of a vocabulary are those that the trained captions have. */
function encoderOptionsOf(options: EncoderOptions, dataset: Dataset): Record<string, unknown> {
  const { architecture, convolutionSize, embeddingSize, length, lowerCase } = options;
  const sizes = { convolutionSize, embeddingSize, length };
  if (textArchitectures[architecture].tokens === 'characters') return { ...sizes, lowerCase };
  const source = planSource(dataset, Math.max(...dataset.sizes));
  const texts: string[] = [];
  for (const image of trainingImages(source, options.data.splits).images)
    for (const caption of trainingCaptions(source, image)) texts.push(dataset.caption(caption).text);
  return { ...sizes, vocabulary: buildVocabulary(texts, options.vocabularyLimit) };
}
