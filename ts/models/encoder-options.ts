import { z } from 'zod';
import { mustBe, UsageError } from '../errors';
import { defaultEncoderPreset, findEncoderPreset } from './encoder-presets';
import { fieldsOf, type OptionField } from './option-fields';
import { checkRun } from './option-rules';
import { optionsConfig } from './options-config';
import {
  below,
  choice,
  flag,
  group,
  integerFrom0,
  type PartialOptions,
  positive,
  positiveInteger,
  seed,
  text,
} from './schema-parts';
import { textArchitectureIds, textArchitectures } from './text-architectures';

/** Every option of the training of a text encoder, complete and without defaults. */
export const encoderSchema = group({
  preset: text('The preset that the other options start from.'),
  architecture: choice(textArchitectureIds, 'The network.'),
  convolutionSize: positiveInteger(
    'Channels of the third convolution and width of the recurrence (cnn_dim).',
  ),
  embeddingSize: positiveInteger('Width of the embedding; with image features their width.'),
  length: positiveInteger('Characters or words of a caption that are read.'),
  lowerCase: flag(
    'Fold capital letters, and read unknown characters as spaces; else both are empty columns, as to the authors.',
  ),
  vocabularyLimit: integerFrom0('Most frequent words that are known; 0 for all. Networks of words only.'),
  data: group({
    pack: text('The packed data set; given apart where a data set is passed.').optional(),
    features: text(
      'Image features; without it those that `features extract` left beside the pack.',
    ).optional(),
    splits: choice(
      ['training', 'trainval'],
      'Which splits train: training alone, or training and validation.',
    ),
  }),
  objective: group({
    kind: choice(
      ['sje', 'captions'],
      'sje: captions against image features; captions: two captions of one image, without features.',
    ),
    symmetric: flag('Rank images for each text too, not only texts for each image.'),
    margin: positive('Margin of the structured joint embedding.'),
  }),
  batchSize: z
    .int({ error: 'an integer, at least 2' })
    .min(2, { error: 'an integer, at least 2' })
    .describe('Classes of a step; never more than there are.'),
  epochs: positiveInteger('Length of the run in epochs; or give steps.').optional(),
  steps: positiveInteger('Length of the run in steps; or give epochs.').optional(),
  stepsPerEpoch: integerFrom0('Steps of an epoch; 0 for as many as there are classes.'),
  optimizer: group({
    kind: choice(['rmsprop', 'adam'], 'RMSprop is that of Torch7.'),
    learningRate: positive('Learning rate.'),
    beta1: below(1, 'Decay of the mean of gradients; Adam only.'),
    beta2: below(1, 'Decay of the mean of squared gradients (alpha of RMSprop).'),
    epsilon: positive('Added to the root of the mean of squares.'),
  }),
  learningRateDecay: group({
    factor: positive('Factor on the learning rate at each cut; 1 for none.'),
    every: positiveInteger('Epochs from cut to cut.'),
  }),
  initialRange: positive('Every parameter begins uniformly between minus this and this.'),
  standardize: flag(
    'Scale the finished encoder’s embeddings to a deviation of 1, as GANs want them; no ranking changes.',
  ),
  dropout: below(1, 'Share of the recurrence’s output that is dropped in training.'),
  wordDropout: below(1, 'Chance of each word of a caption to be left out in training.'),
  seed: seed(),
  device: choice(['auto', 'cpu', 'cuda'], 'Where tensors live; auto takes CUDA where there is a device.'),
  precision: choice(['auto', 'ieee', 'tf32', 'bf16'], 'Arithmetic of matrix products.'),
  deterministic: flag('Same bits on CUDA too, at some cost; the CPU always gives them.'),
  threads: integerFrom0('Threads of the engine, once per process; 0 for one per core.'),
  saveEvery: positiveInteger('Every that many epochs a checkpoint is kept for good.'),
  keep: positiveInteger('How many of the newest checkpoints of whole epochs are kept.'),
});

/** All options of the training of a text encoder, complete, checked and frozen. */
export type EncoderOptions = z.infer<typeof encoderSchema>;
/** What a user writes: a preset's name and what differs from it. */
export type EncoderInput = PartialOptions<EncoderOptions>;

let cache: readonly OptionField[] | undefined;

/** Every option of the training of a text encoder, in the order of the schema. */
export function encoderFields(): readonly OptionField[] {
  cache ??= fieldsOf(encoderSchema.shape);
  return cache;
}

function checkTogether(options: EncoderOptions): void {
  checkRun(options);
  const { lowerCase, architecture, objective, data } = options;
  if (lowerCase && textArchitectures[architecture].tokens === 'words')
    throw new UsageError(mustBe('lowerCase', `false with ${architecture}, whose words are folded`, true));
  if (objective.kind === 'captions' && data.features !== undefined)
    throw new UsageError(mustBe('data.features', 'left out with the objective captions', data.features));
}

/** The way of the options of a text encoder's training. */
export const EncoderConfig = optionsConfig<EncoderOptions>({
  schema: encoderSchema,
  defaultPreset: defaultEncoderPreset,
  findPreset: findEncoderPreset,
  checkTogether,
  fields: encoderFields,
  command: 'encoder train',
});
