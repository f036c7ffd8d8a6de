import { UsageError } from '../errors';
import { hashedNgramDefaults } from './hashed-ngrams';
import type { TrainingOptions } from './option-schema';
import { didYouMean } from './suggestion';

/** A named set of options. */
export interface Preset {
  /** What it is for, in a sentence or two. */
  doc: string;
  options: Omit<TrainingOptions, 'preset'>;
}

const authorsAdam = { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
const hashedNgrams = { id: 'hashed-ngrams', options: { ...hashedNgramDefaults } };
const machine = { seed: 1, device: 'auto', precision: 'ieee', deterministic: true, threads: 0 } as const;
const noAugmentation = { translation: 0, cutout: 0 };
const noContrast = { weight: 0, temperature: 0.1 };
const noGuide = { weight: 0, temperature: 0.1, criticWeight: 0 };
const noModeSeeking = { weight: 0, epsilon: 0.01, decay: 1 };

/** Every preset. `small` is the default. */
export const presets: Readonly<Record<string, Preset>> = {
  small: {
    doc: 'For two CPU cores and some minutes: the discriminator of Reed et al. at half its width, a generator in which the text acts at every level, eight mismatching texts an image, a contrastive and a mode-seeking term, an average of the generator and differentiable augmentation.',
    options: {
      family: 'modulated',
      generatorFeatures: 32,
      discriminatorFeatures: 32,
      noiseSize: 100,
      projectedTextSize: 128,
      textEncoder: hashedNgrams,
      data: {
        splits: 'trainval',
        pairing: 'paper',
        mismatches: 8,
        sampling: 'balanced',
        captionsPerImage: 1,
        captionChoice: 'distinct',
        groupSize: 1,
        crop: 'center',
        flip: 0.5,
      },
      batchSize: 32,
      steps: 1500,
      clsWeight: 0.5,
      interpolation: { weight: 0.5, beta: 'half' },
      modeSeeking: { weight: 0.01, epsilon: 0.01, decay: 0.96 },
      contrastive: { weight: 1, temperature: 0.05 },
      guide: noGuide,
      augmentation: { translation: 0.125, cutout: 0.5 },
      adam: { ...authorsAdam, learningRate: 3e-4 },
      learningRateDecay: { factor: 0.3, every: 8 },
      emaDecay: 0.995,
      ...machine,
      precision: 'auto',
      saveEvery: 10,
      keep: 2,
      sampleEvery: 1,
      samplePrompts: [],
    },
  },
  'reed2016-flowers': {
    doc: 'The authors’ flowers script (icml2016, train_flowers.sh): GAN-INT-CLS, 600 epochs, batches of 64, the mean of 4 captions, nothing added.',
    options: {
      family: 'reed2016',
      generatorFeatures: 128,
      discriminatorFeatures: 64,
      noiseSize: 100,
      projectedTextSize: 128,
      textEncoder: hashedNgrams,
      data: {
        splits: 'trainval',
        pairing: 'authors',
        mismatches: 1,
        sampling: 'balanced',
        captionsPerImage: 4,
        captionChoice: 'replace',
        groupSize: 1,
        crop: 'authors',
        flip: 0.5,
      },
      batchSize: 64,
      epochs: 600,
      clsWeight: 0.5,
      interpolation: { weight: 1, beta: 'half' },
      modeSeeking: noModeSeeking,
      contrastive: noContrast,
      guide: noGuide,
      augmentation: noAugmentation,
      adam: authorsAdam,
      learningRateDecay: { factor: 0.5, every: 100 },
      emaDecay: 0,
      ...machine,
      saveEvery: 100,
      keep: 2,
      sampleEvery: 1,
      samplePrompts: [],
    },
  },
  'blog-2019': {
    doc: 'The run that florigen descends from, with its errors corrected (docs/decisions.md): a plain DCGAN, 5 captions per image chosen once, one of them a step, every image once an epoch, 600 epochs.',
    options: {
      family: 'dcgan',
      generatorFeatures: 64,
      discriminatorFeatures: 64,
      noiseSize: 100,
      projectedTextSize: 128,
      textEncoder: hashedNgrams,
      data: {
        splits: 'trainval',
        pairing: 'authors',
        mismatches: 1,
        sampling: 'shuffle',
        captionsPerImage: 5,
        captionChoice: 'chosen-once',
        groupSize: 1,
        crop: 'center',
        flip: 0,
      },
      batchSize: 64,
      epochs: 600,
      clsWeight: 0.5,
      interpolation: { weight: 1, beta: 'half' },
      modeSeeking: noModeSeeking,
      contrastive: noContrast,
      guide: noGuide,
      augmentation: noAugmentation,
      adam: authorsAdam,
      learningRateDecay: { factor: 1, every: 100 },
      emaDecay: 0,
      ...machine,
      saveEvery: 50,
      keep: 2,
      sampleEvery: 1,
      samplePrompts: [],
    },
  },
};

/** The preset that is taken when none is named. */
export const defaultPreset = 'small';

/** A preset by name. @throws UsageError naming the nearest one */
export function findPreset(name: string): Preset {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset !== undefined) return preset;
  const known = Object.keys(presets);
  throw new UsageError(
    `\`preset\` must be one of ${known.join(', ')}, but is ${JSON.stringify(name)} instead`,
    {
      hint: didYouMean(name, known),
    },
  );
}
