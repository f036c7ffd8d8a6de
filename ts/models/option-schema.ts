import { z } from 'zod';
import { keeping, learningRateDecay, machine, pack, runLength, splits } from './run-options';
import {
  below,
  choice,
  from0,
  group,
  integerFrom0,
  type PartialOptions,
  positive,
  positiveInteger,
  text,
  upTo,
} from './schema-parts';
import { textEncoders } from './text-encoders';

/**
 * The schema of a training run: types, ranges and one sentence per option. Each `error` completes the sentence
 * "`name` must be ..."; each description is what `--help` prints. Defaults live in the presets.
 */

const data = group({
  pack,
  splits,
  pairing: choice(
    ['authors', 'paper'],
    'Mismatching pairs: a wrong image (the authors’ code) or a wrong text (the paper).',
  ),
  mismatches: positiveInteger(
    'Mismatching texts that the discriminator sees with each image; more than one with pairing paper only.',
  ),
  sampling: choice(
    ['balanced', 'shuffle'],
    'balanced: a class, then an image of it, with replacement, half of the images hybrids where there are some; shuffle: every image once an epoch.',
  ),
  captionsPerImage: positiveInteger('How many captions of an image a step may use (see captionChoice).'),
  captionChoice: choice(
    ['replace', 'distinct', 'random-count', 'chosen-once'],
    'Averaged: that many drawn with replacement, that many different ones, or 1 to that many different ones; chosen-once: one a step, of that many chosen once for the run.',
  ),
  groupSize: positiveInteger(
    'Rows of a step come in groups of this many with captions that are near each other, so that what tells them apart is small; 1 for none. Divides batchSize; sampling balanced.',
  ),
  crop: choice(
    ['authors', 'uniform', 'center'],
    'Place of the 64 x 64 crop: offsets from 1 (the authors), from 0, or the middle.',
  ),
  flip: upTo(1, 'Probability of a mirrored image.'),
});

/** Every option of a run, complete and without defaults. */
export const trainingSchema = group({
  preset: text('The preset that the other options start from.'),
  family: choice(
    ['reed2016', 'dcgan', 'modulated'],
    'The pair of networks: the authors’, the plain pair of the starting repository, or the authors’ discriminator with a generator in which the text acts at every level.',
  ),
  generatorFeatures: positiveInteger('Channels of the generator’s last hidden layer (ngf).'),
  discriminatorFeatures: positiveInteger('Channels of the discriminator’s first layer (ndf).'),
  noiseSize: positiveInteger('Width of the noise (nz).'),
  projectedTextSize: positiveInteger('Width that the sentence embedding is projected to (nt).'),
  textEncoder: group({
    id: choice(
      Object.keys(textEncoders) as [string, ...string[]],
      'What turns sentences into numbers; a trained one needs its file.',
    ),
    options: z
      .record(z.string(), z.unknown(), { error: 'an object of options' })
      .describe('Options of the text encoder.'),
    file: text(
      'A trained encoder’s file, of `encoder train` or `encoder import`; says which encoder it is.',
    ).optional(),
  }),
  data,
  batchSize: z
    .int({ error: 'an even integer, at least 4' })
    .min(4, { error: 'an even integer, at least 4' })
    .multipleOf(2, { error: 'an even integer, at least 4' })
    .describe('Rows of a step; even, at least 4.'),
  ...runLength,
  clsWeight: upTo(1, 'Weight of mismatching pairs in the discriminator (GAN-CLS); 0 leaves them out.'),
  interpolation: group({
    weight: from0('Weight of interpolated texts in the generator (GAN-INT).'),
    beta: choice(
      ['half', 'uniform', 'extrapolate'],
      'Mixture of the two texts: the half, random between them, or random also beyond them.',
    ),
  }),
  modeSeeking: group({
    weight: from0('Weight of the mode-seeking term, which keeps the noise alive; 0 for none.'),
    epsilon: positive('Added to the ratio of distances before it is inverted.'),
    decay: z
      .number({ error: 'a number above 0, at most 1' })
      .positive({ error: 'a number above 0, at most 1' })
      .max(1, { error: 'a number above 0, at most 1' })
      .describe('Factor on the weight after each epoch.'),
  }),
  contrastive: group({
    weight: from0(
      'Weight of the contrastive term, by which a picture has to find its own text among those of its batch, in both networks; 0 for none.',
    ),
    temperature: positive('Divides the cosines before the softmax; lower looks harder at near misses.'),
  }),
  guide: group({
    weight: from0(
      'Weight of the guide: a feature network that was trained before says how well a drawn picture fits its own text among those of its batch, to the generator alone; 0 for none.',
    ),
    temperature: positive('Divides its cosines before the softmax.'),
    criticWeight: from0(
      'Weight of its critic, which tells drawn pictures from real ones by what the guide sees in them (projected GANs); 0 for none.',
    ),
    network: text('Its file, of `features train`, or weights of a GoogLeNet of torchvision.').optional(),
    architecture: choice(
      ['googlenet', 'googlenet-small'],
      'What the file holds; filled in from it.',
    ).optional(),
    inputSize: positiveInteger('Side of the pictures that it sees; filled in from the file.').optional(),
  }),
  augmentation: group({
    translation: upTo(
      0.5,
      'Shift of everything the discriminator sees, as a fraction of the side; 0 for none.',
    ),
    cutout: upTo(1, 'Side of the square cut out of it, as a fraction of the side; 0 for none.'),
  }),
  adam: group({
    learningRate: positive('Learning rate of both networks.'),
    beta1: below(1, 'Decay of the mean of gradients.'),
    beta2: below(1, 'Decay of the mean of squared gradients.'),
    epsilon: positive('Added to the root of the mean of squares.'),
  }),
  learningRateDecay,
  fineTune: group({
    learningRate: positive(
      'Trains the text encoder together with the discriminator, at this learning rate, cut as theirs is; left out, it stays as its file has it.',
    ),
  }).optional(),
  emaDecay: below(1, 'Decay of the generator’s moving average, which draws; 0 for none.'),
  ...machine,
  precision: machine.precision.describe(
    'Arithmetic of matrix products; auto takes what is fast and good enough here, and is frozen with the run.',
  ),
  ...keeping,
  sampleEvery: integerFrom0('Epochs from sample grid to sample grid; 0 for none.'),
  samplePrompts: z
    .array(text('A caption.'), { error: 'a list of captions' })
    .describe('Captions of the sample grid; none for captions of the data set.'),
});

/** All options of a training run, complete, checked and frozen. Made by `TrainingConfig`. */
export type TrainingOptions = z.infer<typeof trainingSchema>;

/** What a user writes: a preset's name and what differs from it. */
export type TrainingInput = PartialOptions<TrainingOptions>;
