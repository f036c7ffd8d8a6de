import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Dataset } from '../../../ts/data/dataset';
import { readSafetensorsHeader, requireTensor } from '../../../ts/formats/safetensors';
import { writeSafetensors } from '../../../ts/formats/safetensors-writer';
import { openEncoderFile } from '../../../ts/models/encoder-file';
import { EncoderConfig, type EncoderInput } from '../../../ts/models/encoder-options';
import { extractFeatures } from '../../../ts/models/extract-features';
import { FeatureNetwork } from '../../../ts/models/feature-network';
import { openFeatures, readView } from '../../../ts/models/features';
import { Generator } from '../../../ts/models/generator';
import { loadTextEncoder } from '../../../ts/models/text-encoders';
import { FeatureTrainer } from '../../../ts/training/feature-trainer';
import { GanTrainer } from '../../../ts/training/gan-trainer';
import { TextEncoderTrainer } from '../../../ts/training/text-encoder-trainer';
import { FakeAddon } from './support/fake-addon';
import { filesOf, metricsOf, newestTensors } from './support/run-contents';
import { writeTinyPack } from './support/tiny-pack';

/** 4 training classes: batches of 4, four steps an epoch. */
const tiny: EncoderInput = {
  convolutionSize: 2,
  embeddingSize: 8,
  epochs: 3,
  precision: 'ieee',
  data: { splits: 'training' },
};

let folder: string;
let dataset: Dataset;
let features: string;
let fake: FakeAddon;
const at = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-encoder-'));
  dataset = await writeTinyPack(at('tiny.safetensors'));
  features = at('own.safetensors');
  const shape = [dataset.imageCount, 3, 8];
  const data = new Uint8Array(dataset.imageCount * 3 * 8 * 4);
  await writeSafetensors(features, { tensors: [{ name: 'features', dtype: 'F32', shape, data }] });
  fake = new FakeAddon();
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

async function create(name: string, options: EncoderInput = {}): Promise<TextEncoderTrainer> {
  const data = { features, ...tiny.data, ...options.data };
  return await TextEncoderTrainer.create(
    { data: dataset, options: { ...tiny, ...options, data }, runFolder: at(name) },
    fake.addon,
  );
}
async function finish(trainer: TextEncoderTrainer): Promise<string> {
  while (!trainer.done) await trainer.trainEpoch();
  const { path: file } = await trainer.exportEncoder();
  await trainer.dispose();
  return file;
}

test('a batch has distinct classes, their images, views and captions; the learning rate falls after each epoch', async () => {
  const trainer = await create('run');
  const result = await trainer.trainEpoch();
  await trainer.trainEpoch();
  await trainer.dispose();
  expect(result).toMatchObject({ epoch: 1, step: 4, stepCount: 12, completed: true, learningRate: 2e-3 });
  expect(Object.keys(result.means)).toEqual(['encoderLoss', 'accuracy']);
  const [first, second] = fake.plans;
  expect(second!.values.learningRate).toBeCloseTo(2e-3 * 0.985, 12);
  const { image, view, caption } = first!.columns;
  for (let step = 0; step < 4; step++) {
    const rows = [...image!.subarray(step * 4, step * 4 + 4)];
    expect(rows.map((row) => dataset.classOf(row)).sort()).toEqual([0, 1, 2, 3]);
  }
  expect(Math.max(...view!)).toBeLessThan(3);
  image!.forEach((row, i) => {
    const own = dataset.captionsOf(row).filter(({ held }) => !held);
    expect(own.map(({ index }) => index)).toContain(caption![i]);
  });
});

test('an interrupted run ends as one in a piece: tensors, logs, encoder file', async () => {
  const whole = await finish(await create('whole'));
  const trainer = await create('parts');
  const controller = new AbortController();
  fake.beforeStep = (step) => step === 6 && controller.abort();
  await trainer.trainEpoch();
  expect(await trainer.trainEpoch({ signal: controller.signal })).toMatchObject({ step: 6, stopped: true });
  fake.beforeStep = () => {};
  await trainer.dispose();
  const resumed = await TextEncoderTrainer.resume(at('parts'), {}, fake.addon);
  expect(resumed.position).toMatchObject({ epoch: 2, stepInEpoch: 2 });
  const parts = await finish(resumed);
  expect(await newestTensors(at('parts'))).toEqual(await newestTensors(at('whole')));
  expect(metricsOf(at('parts'))).toEqual(metricsOf(at('whole')));
  expect(filesOf(at('parts'))).toEqual(filesOf(at('whole')));
  expect(fs.readFileSync(parts).equals(fs.readFileSync(whole))).toBe(true);
  expect(fake.alive.size).toBe(0);
});

test('a number that is not finite keeps the last checkpoint, and the run trains no more', async () => {
  const trainer = await create('run');
  await trainer.trainEpoch();
  fake.nonFiniteAt = 5;
  await expect(trainer.trainEpoch()).rejects.toMatchObject({ code: 'NON_FINITE' });
  await expect(trainer.trainEpoch()).rejects.toMatchObject({ code: 'NATIVE' });
  await trainer.dispose();
  expect((await newestTensors(at('run'))).file).toBe('step-00000004.safetensors');
});

test('wrong features and options are refused by name', async () => {
  await expect(create('a', { embeddingSize: 1024 })).rejects.toThrow(/`embeddingSize` must be 8/);
  await expect(create('b', { lowerCas: true } as EncoderInput)).rejects.toThrow(
    /`lowerCas` is not an option/,
  );
  await expect(create('c', { data: { features: undefined } })).rejects.toThrow(/none lie beside/);
  await expect(create('d', { vocabularyLimit: 9 })).rejects.toThrow(
    /`vocabularyLimit` must be 0 with char-cnn-rnn, which reads characters, but is 9 instead/,
  );
  for (const name of ['a', 'b', 'c', 'd']) expect(fs.existsSync(at(name))).toBe(false);
});

/** Features of other numbers at the same place. */
async function replaceFeatures(): Promise<void> {
  const shape = [dataset.imageCount, 3, 8];
  const data = new Uint8Array(new Float32Array(dataset.imageCount * 3 * 8).fill(1).buffer);
  await writeSafetensors(features, { tensors: [{ name: 'features', dtype: 'F32', shape, data }] });
}

test('a run goes on with the features that it learned from, or not at all', async () => {
  const trainer = await create('run');
  await trainer.trainEpoch();
  await trainer.dispose();
  await replaceFeatures();
  const before = filesOf(at('run'));
  await expect(TextEncoderTrainer.resume(at('run'), {}, fake.addon)).rejects.toMatchObject({
    code: 'DATA',
    message: expect.stringMatching(
      /own\.safetensors` must hold the image features that the run learned from/,
    ),
    hint: expect.stringContaining('--data-features'),
  });
  expect(filesOf(at('run'))).toEqual(before);
  expect(fake.alive.size).toBe(0);
});

test('an encoder is not finished with features that were exchanged during its run', async () => {
  const trainer = await create('run');
  while (!trainer.done) await trainer.trainEpoch();
  await replaceFeatures();
  await expect(trainer.exportEncoder()).rejects.toThrow(/must hold the image features that the run learned/);
  await trainer.dispose();
  expect(fs.existsSync(path.join(at('run'), 'encoder.safetensors'))).toBe(false);
});

test('features that are named from here are found from everywhere; those beside the pack stay unnamed', async () => {
  const relative = path.relative(process.cwd(), features);
  const trainer = await create('named', { data: { features: relative } });
  expect(trainer.options.data.features).toBe(path.resolve(features));
  await trainer.dispose();
  fs.renameSync(features, at('tiny.features-1.safetensors'));
  const beside = await create('beside', { data: { features: undefined } });
  await beside.trainEpoch();
  expect(beside.options.data.features).toBeUndefined();
  await beside.dispose();
});

test.each([
  ['word-cnn-rnn', 30],
  ['bag-of-words', 64],
  ['char-cnn-gru', 201],
] as const)('%s reads texts as long as is usual for it', (architecture, length) => {
  expect(EncoderConfig.parse({ architecture }).length).toBe(length);
  expect(EncoderConfig.parse({ architecture, length: 77 }).length).toBe(77);
});

test.each([
  [{ length: 10 }, /`length` must be long enough for the convolutions of char-cnn-rnn, but is 10/],
  [{ length: 100_000 }, /`length` must be at most 16384, but is 100000/],
])('%p is refused before a file of tokens is written', async (options, message) => {
  const before = fs.readdirSync(folder);
  await expect(create('run', options)).rejects.toThrow(message);
  expect(fs.readdirSync(folder)).toEqual(before);
});

test('a run that will not fit into memory is refused before it begins', async () => {
  const options = { batchSize: 1_000_000_000, convolutionSize: 1024 };
  await expect(create('run', options)).rejects.toMatchObject({
    code: 'OUT_OF_MEMORY',
    hint: expect.stringContaining('`batchSize`'),
  });
  expect(fs.existsSync(at('run'))).toBe(false);
});

test('the objective `captions` needs no features and pairs two captions of an image', async () => {
  const options = {
    objective: { kind: 'captions', symmetric: false },
    data: { features: undefined },
  } as const;
  await expect(create('ranks', options)).rejects.toThrow(/`rankingMetric` must be false .* ranks no images/);
  await finish(await create('run', { ...options, rankingMetric: false }));
  const { caption, otherCaption } = fake.plans[0]!.columns;
  caption!.forEach((own, i) => {
    expect(otherCaption![i]).not.toBe(own);
    expect(Math.floor(otherCaption![i]! / 3)).toBe(Math.floor(own / 3));
  });
});

test('a GAN takes the encoder’s file; its bundle draws with nothing else', async () => {
  const file = await finish(await create('encoder'));
  const { textEncoder, provenance } = await openEncoderFile(file);
  expect(provenance).toMatchObject({ trainedClasses: [0, 1, 2, 3], step: 12, pack: dataset.fingerprint });
  const options = {
    batchSize: 4,
    steps: 4,
    precision: 'ieee',
    sampleEvery: 0,
    textEncoder: { file },
  } as const;
  const gan = await GanTrainer.create({ data: dataset, options, runFolder: at('gan') }, fake.addon);
  expect(gan.options.textEncoder).toMatchObject({ id: 'char-cnn-rnn', file });
  await gan.trainEpoch();
  const { path: bundle } = await gan.exportBundle();
  await gan.dispose();
  fs.renameSync(bundle, at('alone.safetensors'));
  fs.rmSync(file);
  const generator = await Generator.load(at('alone.safetensors'), {}, fake.addon);
  expect(generator.textEncoder).toMatchObject({ id: 'char-cnn-rnn', fingerprint: textEncoder.fingerprint });
  expect(await generator.generate({ prompts: 'a red flower' })).toHaveLength(1);
  expect(generator.textEncoder.provenance).toEqual(provenance);
  await generator.dispose();
  expect(fake.alive.size).toBe(0);
});

test('a GAN that is stopped while captions are embedded leaves neither a folder nor its encoder’s network', async () => {
  const file = await finish(await create('encoder'));
  const signal = AbortSignal.abort();
  const options = { textEncoder: { file }, precision: 'ieee' } as const;
  await expect(
    GanTrainer.create({ data: dataset, options, runFolder: at('gan'), signal }, fake.addon),
  ).rejects.toMatchObject({ code: 'ABORTED' });
  expect(fake.alive.size).toBe(0);
  expect(fs.existsSync(at('gan'))).toBe(false);
});

test('many sentences go in calls of 512', async () => {
  const file = await finish(await create('encoder'));
  const encoder = await loadTextEncoder(file, fake.addon);
  const standardizing = fake.encodedTokens.length;
  const texts = Array.from({ length: 600 }, (_, i) => `flower ${i}`);
  const { data, shape } = (await encoder.encode(texts)).sentence;
  expect(shape).toEqual([600, 8]);
  expect(fake.encodedTokens.slice(standardizing)).toEqual([512, 88].map((count) => count * 201));
  const alone = (await encoder.encode([texts[599]!])).sentence.data;
  expect([...data.subarray(599 * 8)]).toEqual([...alone]);
  await encoder.dispose?.();
});

test('a feature network trains, is written, and gives ten views of every image', async () => {
  const options = { epochs: 2, batchSize: 4, precision: 'ieee' } as const;
  const trainer = await FeatureTrainer.create({ data: dataset, options, runFolder: at('net') }, fake.addon);
  while (!trainer.done) await trainer.trainEpoch();
  const { path: file } = await trainer.exportNetwork();
  await trainer.dispose();
  const images = [...fake.plans[0]!.columns.image!];
  expect(images.sort((a, b) => a - b)).toEqual(dataset.imagesOf('training'));
  const network = await FeatureNetwork.load(file, {}, fake.addon);
  const made = await extractFeatures(dataset, network);
  expect(made).toMatchObject({ reused: false, shape: [24, 10, 1024] });
  expect((await extractFeatures(dataset, network)).reused).toBe(true);
  const phases = new Set<string>();
  const onProgress = ({ phase }: { phase: string }) => phases.add(phase);
  const even = await extractFeatures(dataset, network, { standardize: true, onProgress });
  expect([...phases]).toEqual(['measuring features', 'extracting features']);
  expect(even.path).not.toBe(made.path);
  const [plain, standardized] = await Promise.all([made, even].map((one) => openFeatures(one.path, dataset)));
  expect(standardized!.source.slice(0, 12)).toBe(/features-(.{12})/.exec(even.path)![1]);
  expect(standardized!.source).not.toBe(plain!.source);
  const trained = dataset.imagesOf('training');
  const [before, after] = await Promise.all([plain!, standardized!].map((one) => readView(one, trained, 0)));
  const order = (data: Float32Array) => [...trained.keys()].sort((a, b) => data[a * 1024]! - data[b * 1024]!);
  expect(order(after!.data)).toEqual(order(before!.data));
  expect(after!.data).not.toEqual(before!.data);
  fs.rmSync(even.path);
  expect(plain!.trunk).toBe(network.trunk);
  expect(standardized!.trunk).toBeNull();
  const whole = await extractFeatures(dataset, network, { cropShare: 1 });
  expect(whole.path).not.toBe(made.path);
  expect(await openFeatures(whole.path, dataset)).toMatchObject({
    trunk: null,
    source: expect.not.stringMatching(plain!.source),
  });
  fs.rmSync(whole.path);
  await network.dispose();
  const opened = await readSafetensorsHeader(made.path);
  requireTensor(opened, 'features', { dtype: 'F32', shape: [24, 10, 1024] });
  const encoder = await create('run', { embeddingSize: 1024, data: { features: undefined } });
  await encoder.trainEpoch();
  expect(Math.max(...fake.plans.at(-1)!.columns.view!)).toBeLessThan(10);
  await encoder.dispose();
});
