import path from 'node:path';
import { Dataset } from '../../../ts/data/dataset';
import { type TensorSource, writeSafetensors } from '../../../ts/formats/safetensors-writer';
import {
  type EncoderInput,
  type FeatureInput,
  FeatureTrainer,
  GanTrainer,
  TextEncoderTrainer,
  type TrainingInput,
} from '../../../ts/index';
import { testDevice } from '../../support/device';
import { tinyOptions } from './tiny-run';

const machine = { precision: 'ieee', device: testDevice, threads: 1 } as const;

/** A narrow network of words on short texts: four classes a step, four steps an epoch over the tiny pack. */
export const tinyEncoder: EncoderInput = {
  architecture: 'word-cnn-rnn',
  convolutionSize: 8,
  embeddingSize: 16,
  length: 15,
  epochs: 3,
  ...machine,
};

/** The narrow feature network on pictures as small as they may be; four steps an epoch over the tiny pack. */
export const tinyFeatures: FeatureInput = { inputSize: 32, batchSize: 4, epochs: 2, ...machine };

/** Writes features of one's own beside a pack: three views of 16 numbers an image. */
export async function writeOwnFeatures(file: string, { imageCount }: Dataset): Promise<string> {
  const shape = [imageCount, 3, 16];
  const numbers = Float32Array.from({ length: imageCount * 48 }, (_, i) => Math.sin(1 + i * i));
  const tensor: TensorSource = {
    name: 'features',
    dtype: 'F32',
    shape,
    data: new Uint8Array(numbers.buffer),
  };
  await writeSafetensors(file, { tensors: [tensor] });
  return file;
}

/** Trains a tiny encoder to its end. @returns its file */
export async function trainTinyEncoder(
  data: Dataset,
  runFolder: string,
  options: EncoderInput,
): Promise<string> {
  await using trainer = await TextEncoderTrainer.create({
    data,
    options: { ...tinyEncoder, ...options },
    runFolder,
  });
  while (!trainer.done) await trainer.trainEpoch();
  return (await trainer.exportEncoder()).path;
}

/** Begins a tiny GAN whose sentences the encoder of a file reads; it draws no grids unless it is asked to. */
export const tinyGan = (data: Dataset, file: string, runFolder: string, options: TrainingInput) =>
  GanTrainer.create({
    data,
    options: { ...tinyOptions, sampleEvery: 0, textEncoder: { file }, ...options } as TrainingInput,
    runFolder,
  });

type Trainer = TextEncoderTrainer | FeatureTrainer;

/** One kind of run, so that what all kinds must do is tested for each. */
export interface NetworkKind {
  create(pack: string, runFolder: string, options?: object): Promise<Trainer>;
  resume(runFolder: string): Promise<Trainer>;
  /** Writes the network's file. @returns its path */
  finish(trainer: Trainer): Promise<string>;
}

async function ownFeatures(pack: string): Promise<string> {
  const file = path.join(path.dirname(pack), 'own.safetensors');
  return await writeOwnFeatures(file, await Dataset.open(pack));
}

const encoderKind = (base: EncoderInput, withFeatures: boolean): NetworkKind => ({
  create: async (pack, runFolder, options = {}) => {
    const data = withFeatures ? { features: await ownFeatures(pack) } : {};
    return await TextEncoderTrainer.create({
      data: pack,
      options: { ...base, data, ...options } as EncoderInput,
      runFolder,
    });
  },
  resume: (runFolder) => TextEncoderTrainer.resume(runFolder),
  finish: async (trainer) => (await (trainer as TextEncoderTrainer).exportEncoder()).path,
});

export const networkKinds: Record<string, NetworkKind> = {
  encoder: encoderKind(tinyEncoder, true),
  'encoder with dropout and Adam, of pairs of captions': encoderKind(
    {
      ...tinyEncoder,
      dropout: 0.3,
      objective: { kind: 'captions', symmetric: false },
      rankingMetric: false,
      optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999 },
    },
    false,
  ),
  'feature network': {
    create: (pack, runFolder, options = {}) =>
      FeatureTrainer.create({ data: pack, options: { ...tinyFeatures, ...options }, runFolder }),
    resume: (runFolder) => FeatureTrainer.resume(runFolder),
    finish: async (trainer) => (await (trainer as FeatureTrainer).exportNetwork()).path,
  },
};

/** Trains to the end and writes the network's file. @returns its path */
export async function trained(kind: NetworkKind, trainer: Trainer): Promise<string> {
  while (!trainer.done) await trainer.trainEpoch();
  const file = await kind.finish(trainer);
  await trainer.dispose();
  return file;
}
