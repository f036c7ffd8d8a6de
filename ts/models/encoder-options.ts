import { z } from 'zod';
import { mustBe, UsageError } from '../errors';
import { defaultEncoderPreset, findEncoderPreset } from './encoder-presets';
import { fieldsOf, type OptionField } from './option-fields';
import { checkRun } from './option-rules';
import { type OptionTree, optionsConfig } from './options-config';
import { keeping, learningRateDecay, machine, pack, runLength, splits } from './run-options';
import {
  below,
  choice,
  flag,
  group,
  integerFrom0,
  type PartialOptions,
  positive,
  positiveInteger,
  text,
} from './schema-parts';
import { type TextArchitectureId, textArchitectureIds, textArchitectures } from './text-architectures';
import { recurrentSteps } from './text-network-sizes';

/** Characters or words that any text network reads at most. */
const longestText = 1 << 14;

/** Every option of the training of a text encoder, complete and without defaults. */
export const encoderSchema = group({
  preset: text('The preset that the other options start from.'),
  architecture: choice(textArchitectureIds, 'The network.'),
  convolutionSize: positiveInteger(
    'Channels of the third convolution and width of the recurrence (cnn_dim).',
  ),
  embeddingSize: positiveInteger('Width of the embedding; with image features their width.'),
  length: positiveInteger(
    'Characters or words of a caption that are read; by default 201, of word-cnn-rnn 30, of bag-of-words 64.',
  ),
  lowerCase: flag(
    'Fold capital letters, and read unknown characters as spaces; else both are empty columns, as to the authors.',
  ),
  vocabularyLimit: integerFrom0('Most frequent words that are known; 0 for all. Networks of words only.'),
  data: group({
    pack,
    features: text(
      'Image features; without it those that `features extract` left beside the pack.',
    ).optional(),
    splits,
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
  ...runLength,
  stepsPerEpoch: integerFrom0('Steps of an epoch; 0 for as many as there are named classes.'),
  optimizer: group({
    kind: choice(['rmsprop', 'adam'], 'RMSprop is that of Torch7.'),
    learningRate: positive('Learning rate.'),
    beta1: below(1, 'Decay of the mean of gradients; Adam only.'),
    beta2: below(1, 'Decay of the mean of squared gradients (alpha of RMSprop).'),
    epsilon: positive('Added to the root of the mean of squares.'),
  }),
  learningRateDecay,
  initialRange: positive('Every parameter begins uniformly between minus this and this.'),
  rankingMetric: flag(
    'Set captions as far apart as they rank images differently: the finished projection times the root of the features’ covariance.',
  ),
  standardize: flag(
    'Scale the finished encoder’s embeddings to a deviation of 1, as GANs want them; no ranking changes.',
  ),
  dropout: below(1, 'Share of the recurrence’s output that is dropped in training.'),
  wordDropout: below(1, 'Chance of each word of a caption to be left out in training.'),
  ...machine,
  ...keeping,
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

/** A network of words reads as many words as are usual for it, not as many characters as the preset's reads. */
function takeOwnLength(base: OptionTree, { architecture }: OptionTree): void {
  if (typeof architecture !== 'string' || !Object.hasOwn(textArchitectures, architecture)) return;
  const chosen = textArchitectures[architecture as TextArchitectureId];
  if (chosen.tokens !== textArchitectures[base.architecture as TextArchitectureId].tokens)
    base.length = chosen.defaults.length;
}

/** Refused before a file of tokens is written. */
function checkLength({ architecture, length }: EncoderOptions): void {
  if (length > longestText) throw new UsageError(mustBe('length', `at most ${longestText}`, length));
  if (recurrentSteps(architecture, length) < 1)
    throw new UsageError(mustBe('length', `long enough for the convolutions of ${architecture}`, length));
}

function checkTogether(options: EncoderOptions): void {
  checkRun(options);
  checkLength(options);
  const { lowerCase, architecture, objective, data, rankingMetric, vocabularyLimit } = options;
  const { tokens } = textArchitectures[architecture];
  if (vocabularyLimit > 0 && tokens === 'characters')
    throw new UsageError(
      mustBe('vocabularyLimit', `0 with ${architecture}, which reads characters`, vocabularyLimit),
    );
  if (lowerCase && tokens === 'words')
    throw new UsageError(mustBe('lowerCase', `false with ${architecture}, whose words are folded`, true));
  if (objective.kind === 'captions' && data.features !== undefined)
    throw new UsageError(mustBe('data.features', 'left out with the objective captions', data.features));
  if (objective.kind === 'captions' && rankingMetric)
    throw new UsageError(
      mustBe('rankingMetric', 'false with the objective captions, which ranks no images', true),
    );
}

/** The way of the options of a text encoder's training. */
export const EncoderConfig = optionsConfig<EncoderOptions>({
  schema: encoderSchema,
  defaultPreset: defaultEncoderPreset,
  findPreset: findEncoderPreset,
  adapt: takeOwnLength,
  checkTogether,
  fields: encoderFields,
  command: 'encoder train',
});
