import { spaceToken } from '../data/alphabet';
import type { Dataset } from '../data/dataset';
import { EncoderPlanner } from '../data/encoder-plan';
import { planSource, trainingCaptions, trainingImages } from '../data/plan-source';
import { buildVocabulary } from '../data/word-vocabulary';
import { mustBe, UsageError } from '../errors';
import type { EncoderOptions } from '../models/encoder-options';
import { openEngine } from '../models/engine';
import { type Features, findFeatures, openFeatures } from '../models/features';
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
export const encoderCheckpointFormat = 'florigen.encoder-checkpoint';

/** Names of the metrics of a text encoder's step, in the order of the state tensors. */
export const encoderMetrics = ['encoderLoss', 'accuracy'] as const;
export type EncoderMetric = (typeof encoderMetrics)[number];

/** What a text encoder's run is made of. */
export type EncoderParts = TrainerParts<EncoderOptions, EncoderMetric>;

/** Makes everything of a text encoder's run. Refuses what can be refused before any large memory is taken. */
export async function setUpEncoder(
  { options: asked, dataset }: { options: EncoderOptions; dataset: Dataset },
  hooks: SetupHooks,
  addon?: FlorigenAddon,
): Promise<EncoderParts> {
  const features = asked.objective.kind === 'sje' ? await featuresOf(asked, dataset) : null;
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
  const options = { ...asked, precision };
  const { architecture, deterministic, dropout, objective, optimizer } = options;
  const handle = await engine.addon.createTextEncoderTrainer({
    network: {
      ...nativeTextNetwork(architecture, own, tokenizer),
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
  return networkParts(
    { options, dataset, engine, native, planner },
    {
      format: encoderCheckpointFormat,
      learningRate: optimizer.learningRate,
      network: { id: architecture, options: own },
      provenance: { features: features?.source ?? null },
    },
  );
}

/** The features that a run learns from, and the images that it learns of. */
export async function trainedFeatures(
  options: EncoderOptions,
  dataset: Dataset,
): Promise<{ features: Features; images: Int32Array }> {
  const { images } = trainingImages(planSource(dataset, Math.max(...dataset.sizes)), options.data.splits);
  return { features: await featuresOf(options, dataset), images };
}

async function featuresOf({ data, embeddingSize }: EncoderOptions, dataset: Dataset): Promise<Features> {
  const features = await openFeatures(data.features ?? (await findFeatures(dataset)), dataset);
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
