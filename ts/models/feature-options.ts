import { z } from 'zod';
import { mustBe, UsageError } from '../errors';
import { fieldsOf, type OptionField } from './option-fields';
import { checkRun } from './option-rules';
import { optionsConfig } from './options-config';
import { keeping, learningRateDecay, machine, pack, runLength, splits } from './run-options';
import {
  below,
  choice,
  from0,
  group,
  type PartialOptions,
  positive,
  positiveInteger,
  text,
  upTo,
} from './schema-parts';
import { didYouMean } from './suggestion';

const inputSizeError = 'an integer from 32 to 1024';

/** Every option of the training of a feature network, complete and without defaults. */
export const featureSchema = group({
  preset: text('The preset that the other options start from.'),
  architecture: choice(['googlenet', 'googlenet-small'], 'The network; small is narrower, for two cores.'),
  inputSize: z
    .int({ error: inputSizeError })
    .min(32, { error: inputSizeError })
    .max(1024, { error: inputSizeError })
    .describe('Side of the pictures that the network sees.'),
  data: group({
    pack,
    splits,
    cropShare: upTo(1, 'Side of the random crops as a share of the stored side.'),
    flip: upTo(1, 'Probability of a mirrored image.'),
  }),
  classWeight: from0('Weight of the class in the loss.'),
  attributeWeight: from0('Weight of each known attribute in the loss; built-in flowers only.'),
  batchSize: positiveInteger('Images of a step.'),
  ...runLength,
  adam: group({
    learningRate: positive('Learning rate.'),
    beta1: below(1, 'Decay of the mean of gradients.'),
    beta2: below(1, 'Decay of the mean of squared gradients.'),
    epsilon: positive('Added to the root of the mean of squares.'),
  }),
  learningRateDecay,
  ...machine,
  ...keeping,
});

/** All options of the training of a feature network, complete, checked and frozen. */
export type FeatureOptions = z.infer<typeof featureSchema>;
/** What a user writes: a preset's name and what differs from it. */
export type FeatureInput = PartialOptions<FeatureOptions>;

const common = {
  data: { splits: 'training', cropShare: 0.875, flip: 0.5 },
  classWeight: 1,
  attributeWeight: 0.5,
  batchSize: 32,
  adam: { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  seed: 1,
  device: 'auto',
  precision: 'auto',
  deterministic: true,
  threads: 0,
  saveEvery: 10,
  keep: 2,
} as const;

/** Every preset of a feature network's training. */
export const featurePresets: Readonly<
  Record<string, { doc: string; options: Omit<FeatureOptions, 'preset'> }>
> = {
  small: {
    doc: 'For the built-in flowers on two CPU cores: the narrow network on 64 pixels.',
    options: {
      architecture: 'googlenet-small',
      inputSize: 64,
      ...common,
      epochs: 20,
      learningRateDecay: { factor: 0.5, every: 5 },
    },
  },
  googlenet: {
    doc: 'The network of Szegedy et al. 2015 with batch norm, on 224 pixels; wants a GPU.',
    options: {
      architecture: 'googlenet',
      inputSize: 224,
      ...common,
      epochs: 60,
      learningRateDecay: { factor: 0.5, every: 10 },
    },
  },
};

let cache: readonly OptionField[] | undefined;

/** Every option of the training of a feature network, in the order of the schema. */
export function featureFields(): readonly OptionField[] {
  cache ??= fieldsOf(featureSchema.shape);
  return cache;
}

/** The preset that is taken when none is named. */
export const defaultFeaturePreset = 'small';

function findPreset(name: string) {
  const preset = Object.hasOwn(featurePresets, name) ? featurePresets[name] : undefined;
  if (preset !== undefined) return preset;
  const known = Object.keys(featurePresets);
  throw new UsageError(mustBe('preset', `one of ${known.join(', ')}`, name), {
    hint: didYouMean(name, known),
  });
}

/** The way of the options of a feature network's training. */
export const FeatureConfig = optionsConfig<FeatureOptions>({
  schema: featureSchema,
  defaultPreset: defaultFeaturePreset,
  findPreset,
  checkTogether: (options) => {
    checkRun(options);
    if (options.data.cropShare === 0) throw new UsageError(mustBe('data.cropShare', 'above 0', 0));
    if (options.batchSize < 2)
      throw new UsageError(mustBe('batchSize', 'at least 2: batch norm needs two rows', options.batchSize));
  },
  fields: featureFields,
  command: 'features train',
});
