import { UsageError } from '../errors';
import type { EncoderOptions } from './encoder-options';
import { didYouMean } from './suggestion';

/** A named set of options of a text encoder's training. */
export interface EncoderPreset {
  /** What it is for, in a sentence or two. */
  doc: string;
  options: Omit<EncoderOptions, 'preset'>;
}

const machine = {
  seed: 123,
  device: 'auto',
  precision: 'ieee',
  deterministic: true,
  threads: 0,
  saveEvery: 50,
  keep: 2,
} as const;
const characters = { embeddingSize: 1024, length: 201, lowerCase: false, vocabularyLimit: 0 };
const sje = { kind: 'sje', symmetric: true, margin: 1 } as const;
/** `train_sje_hybrid.lua` and its scripts: alpha is the library's default. */
const authors = {
  objective: sje,
  batchSize: 40,
  stepsPerEpoch: 0,
  optimizer: { kind: 'rmsprop', learningRate: 7e-4, beta1: 0, beta2: 0.99, epsilon: 1e-8 },
  learningRateDecay: { factor: 0.98, every: 1 },
  initialRange: 0.08,
  rankingMetric: false,
  standardize: false,
  dropout: 0,
  wordDropout: 0,
  ...machine,
} as const;

/** Every preset of a text encoder's training. */
export const encoderPresets: Readonly<Record<string, EncoderPreset>> = {
  'sje-small': {
    doc: 'For the built-in flowers on two CPU cores: the flowers encoder at width 256, with words left out, for eleven minutes.',
    options: {
      architecture: 'char-cnn-rnn',
      convolutionSize: 256,
      ...characters,
      data: { splits: 'training' },
      ...authors,
      optimizer: { ...authors.optimizer, learningRate: 2e-3 },
      rankingMetric: true,
      standardize: true,
      wordDropout: 0.3,
      epochs: 200,
      learningRateDecay: { factor: 0.985, every: 1 },
      precision: 'auto',
      seed: 1,
      saveEvery: 10,
    },
  },
  'sje-flowers': {
    doc: 'The authors’ flowers script (cvpr2016, train_flowers_hybrid.sh) with the 512 channels of the released encoder: 200 epochs of as many steps as there are classes.',
    options: {
      architecture: 'char-cnn-rnn',
      convolutionSize: 512,
      ...characters,
      data: { splits: 'trainval' },
      ...authors,
      epochs: 200,
    },
  },
  'sje-cub': {
    doc: 'The encoder of birds: the gated recurrence of 18 steps, 512 channels, 200 epochs.',
    options: {
      architecture: 'char-cnn-gru',
      convolutionSize: 512,
      ...characters,
      data: { splits: 'trainval' },
      ...authors,
      epochs: 200,
    },
  },
  'sje-coco': {
    doc: 'The encoder of COCO (icml2016, main_txt_coco.lua): two captions of one image against the rest of the batch, one direction, no image features, Adam. All parameters begin uniformly, and the rate is halved after 50 epochs: there convolutions begin normally, of deviation .02, and it is halved before the fiftieth.',
    options: {
      architecture: 'char-cnn-gru',
      convolutionSize: 512,
      ...characters,
      data: { splits: 'training' },
      ...authors,
      objective: { kind: 'captions', symmetric: false, margin: 1 },
      batchSize: 64,
      epochs: 200,
      optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
      learningRateDecay: { factor: 0.5, every: 50 },
    },
  },
};

/** The preset that is taken when none is named. */
export const defaultEncoderPreset = 'sje-small';

/** A preset by name. @throws UsageError naming the nearest one */
export function findEncoderPreset(name: string): EncoderPreset {
  const preset = Object.hasOwn(encoderPresets, name) ? encoderPresets[name] : undefined;
  if (preset !== undefined) return preset;
  const known = Object.keys(encoderPresets);
  throw new UsageError(
    `\`preset\` must be one of ${known.join(', ')}, but is ${JSON.stringify(name)} instead`,
    { hint: didYouMean(name, known) },
  );
}
