import type { Dataset } from '../data/dataset';
import type { EpochPlanner, PlanOptions } from '../data/plan';
import { DataError } from '../errors';
import { imageSide, nativeNetwork, networkOf } from '../models/network-options';
import type { TrainingOptions } from '../models/option-schema';
import { florigenVersion, type GuideProvenance, type Provenance } from '../models/provenance';
import type { NativeDevice, NativeGanOptions, NativePrecision } from '../native/addon';

/** The stored size that training reads: the smallest that holds a picture. @throws DataError */
export function trainingSize(dataset: Dataset): number {
  const sizes = [...dataset.sizes].sort((a, b) => a - b);
  const size = sizes.find((side) => side >= imageSide);
  if (size !== undefined) return size;
  throw new DataError(
    `\`${dataset.path}\` must hold images of at least ${imageSide} pixels a side, but holds ${sizes.join(', ')}.`,
    { hint: 'Pack the images again at 76 pixels.' },
  );
}

/** The options of a run's plans. */
export function planOptions({ seed, batchSize, contrastive, guide, data }: TrainingOptions): PlanOptions {
  const { splits, pairing, mismatches, sampling, groupSize, crop, flip } = data;
  const captions = { choice: data.captionChoice, count: data.captionsPerImage };
  const classes = contrastive.weight > 0 || guide.weight > 0;
  return { seed, batchSize, splits, pairing, mismatches, sampling, groupSize, captions, crop, flip, classes };
}

/** A run's options as the addon wants them. */
export function nativeGanOptions(
  options: TrainingOptions,
  source: Pick<NativeGanOptions, 'images' | 'sentenceEmbeddings' | 'fineTuning'> & { textSize: number },
  machine: { device: NativeDevice; precision: NativePrecision },
): NativeGanOptions {
  const { clsWeight, interpolation, modeSeeking, contrastive, augmentation, adam } = options;
  return {
    network: nativeNetwork(networkOf(options, source.textSize), {
      ...machine,
      deterministic: options.deterministic,
    }),
    seed: options.seed,
    images: source.images,
    sentenceEmbeddings: source.sentenceEmbeddings,
    fineTuning: source.fineTuning,
    guide: nativeGuide(options, machine),
    objective: {
      pairing: options.data.pairing,
      clsWeight,
      interpolationWeight: interpolation.weight,
      interpolationBeta: interpolation.beta,
      modeSeekingEpsilon: modeSeeking.epsilon,
      contrastive: { weight: contrastive.weight, temperature: contrastive.temperature },
    },
    augmentation: { translation: augmentation.translation, cutout: augmentation.cutout },
    adam: { beta1: adam.beta1, beta2: adam.beta2, epsilon: adam.epsilon },
    emaDecay: options.emaDecay,
  };
}

/** Null without a guide. */
function nativeGuide(
  { guide, deterministic }: TrainingOptions,
  machine: { device: NativeDevice; precision: NativePrecision },
): NativeGanOptions['guide'] {
  const { weight, temperature, criticWeight, architecture, inputSize } = guide;
  if (weight === 0) return null;
  const network = { architecture: architecture!, inputSize: inputSize!, heads: [] };
  const eyes = { ...network, dtype: 'float32', ...machine, deterministic } as const;
  return { network: eyes, weight, temperature, criticWeight };
}

/** Where the weights of a run come from after `step` steps and `epoch` whole epochs. */
export function provenanceOf(
  run: {
    options: TrainingOptions;
    dataset: Dataset;
    planner: EpochPlanner;
    ofGuide: GuideProvenance | undefined;
    libtorch: string;
  },
  at: { step: number; epoch: number },
): Provenance {
  const { options, dataset, planner, ofGuide } = run;
  return {
    florigen: florigenVersion(),
    libtorch: run.libtorch,
    preset: options.preset,
    seed: options.seed,
    step: at.step,
    epoch: at.epoch,
    dataset: {
      name: dataset.metadata.name,
      source: dataset.metadata.source,
      fingerprint: dataset.fingerprint,
      catalogueVersion: dataset.metadata.generator?.catalogueVersion ?? null,
    },
    trainedClasses: [...planner.classIds],
    trainedSplits: options.data.splits,
    trainedImages: planner.imageCount,
    ...(ofGuide && { guide: ofGuide }),
  };
}
