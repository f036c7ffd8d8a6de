/** From pictures and captions to a bundle that draws sentences: feature network, encoder, GAN, on the engine. */
import fs from 'node:fs';
import path from 'node:path';
import {
  Dataset,
  type EncoderInput,
  ensureEmbeddings,
  extractFeatures,
  FeatureNetwork,
  FeatureTrainer,
  GanTrainer,
  Generator,
  loadTextEncoder,
  TextEncoderTrainer,
  type TrainingInput,
} from '../../ts/index';
import { embeddingsPath } from '../../ts/models/embeddings';
import { trainedFingerprint, writeEncoderFile } from '../../ts/models/encoder-file';
import { metricsOf, newestTensors } from '../unit/training/support/run-contents';
import { writeTinyPack } from '../unit/training/support/tiny-pack';
import {
  tinyEncoder,
  tinyFeatures,
  tinyGan,
  trainTinyEncoder,
  writeOwnFeatures,
} from './support/tiny-networks';
import { tinyFolder } from './support/tiny-run';

jest.setTimeout(120_000);

let folder: string;
let dataset: Dataset;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  const made = await tinyFolder();
  folder = made.folder;
  dataset = await Dataset.open(made.pack);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** An encoder of its own seed, trained for one epoch on features of one's own; made once. */
async function quickEncoder(seed: number): Promise<string> {
  const file = at(`encoder-${seed}/encoder.safetensors`);
  if (fs.existsSync(file)) return file;
  const features = await writeOwnFeatures(at('own.safetensors'), dataset);
  return await trainTinyEncoder(dataset, at(`encoder-${seed}`), { epochs: 1, seed, data: { features } });
}

const gan = (file: string, runFolder: string, options: TrainingInput = {}) =>
  tinyGan(dataset, file, runFolder, { epochs: 1, ...options });

/** Its file is half as large, and what it sees is the same but for rounding. */
async function aHalvedOneSeesTheSame(features: FeatureTrainer, network: FeatureNetwork): Promise<void> {
  const { path: file, bytes } = await features.exportNetwork(at('half.safetensors'), { half: true });
  expect(bytes).toBeLessThan(0.6 * fs.statSync(network.path).size);
  await using half = await FeatureNetwork.load(file);
  expect(half.fingerprint).not.toBe(network.fingerprint);
  const picture = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 37) % 251);
  const seen = async (by: FeatureNetwork) =>
    (await by.extract(picture, Int32Array.of(0, 0, 0, 0), { side: 64, cropSide: 64 })).features;
  const [whole, rounded] = [await seen(network), await seen(half)];
  const scale = Math.max(...whole.map(Math.abs));
  expect(Math.max(...whole.map((value, i) => Math.abs(value - rounded[i]!)))).toBeLessThan(0.01 * scale);
}

test('pictures become features, features an encoder, its embeddings a GAN, and its bundle draws alone', async () => {
  await using features = await FeatureTrainer.create({
    data: dataset,
    options: tinyFeatures,
    runFolder: at('net'),
  });
  while (!features.done) await features.trainEpoch();
  await using network = await FeatureNetwork.load((await features.exportNetwork()).path);
  expect(network.provenance).toMatchObject({ trainedClasses: [0, 1, 2, 3], pack: dataset.fingerprint });
  await aHalvedOneSeesTheSame(features, network);
  const extracted = await extractFeatures(dataset, network);
  expect(extracted).toMatchObject({ shape: [dataset.imageCount, 10, 1024], reused: false });

  // the features beside the pack are found without being named
  const encoderFile = await trainTinyEncoder(dataset, at('encoder'), {
    embeddingSize: 1024,
    initialRange: 0.3,
  });
  const encoder = await loadTextEncoder(encoderFile);
  expect(encoder.provenance).toMatchObject({ trainedClasses: [0, 1, 2, 3], features: network.fingerprint });
  const embeddings = await ensureEmbeddings(dataset, encoder);
  expect(embeddings.reused).toBe(false);

  const trainer = await gan(encoderFile, at('gan'));
  const { means } = await trainer.trainEpoch();
  expect(Number.isFinite(means.generatorLoss)).toBe(true);
  const { path: bundle } = await trainer.exportBundle();
  await trainer.dispose();

  const sentence = 'picture 3 said blue, which nobody wrote before';
  const empty = fs.mkdtempSync(at('empty-'));
  fs.copyFileSync(bundle, path.join(empty, 'alone.safetensors'));
  const aside = at('aside');
  fs.mkdirSync(aside);
  for (const name of fs.readdirSync(folder))
    if (!/^(empty|aside|tiny\.safetensors$)/.test(name)) fs.renameSync(at(name), path.join(aside, name));
  await using generator = await Generator.load(path.join(empty, 'alone.safetensors'));
  expect(generator.textEncoder).toMatchObject({ id: 'word-cnn-rnn', fingerprint: encoder.fingerprint });
  const drawn = await generator.generate({ prompts: [sentence, 'picture 3 is red, said 1'], seed: 4 });
  expect(drawn).toHaveLength(2);
  expect(Buffer.from(drawn[0]!.data).equals(Buffer.from(drawn[1]!.data))).toBe(false);
  const [carried, own] = await Promise.all(
    [generator.textEncoder, encoder].map(async (one) => (await one.encode([sentence])).sentence.data),
  );
  expect(carried).toEqual(own);
  expect(fs.readdirSync(empty)).toEqual(['alone.safetensors']);
  await encoder.dispose?.();
});

test('embeddings of another encoder, or of another pack, are never taken for its own', async () => {
  const [file, other] = [await quickEncoder(1), await quickEncoder(2)];
  const [encoder, stranger] = [await loadTextEncoder(file), await loadTextEncoder(other)];
  expect(encoder.fingerprint).not.toBe(stranger.fingerprint);
  const { path: own } = await ensureEmbeddings(dataset, encoder);
  const { path: foreign } = await ensureEmbeddings(dataset, stranger);
  const due = fs.readFileSync(own);
  const honest = await gan(file, at('honest'));
  await honest.trainEpoch();
  await honest.dispose();

  fs.copyFileSync(foreign, own);
  const trainer = await gan(file, at('deceived'));
  expect(fs.readFileSync(own).equals(due)).toBe(true);
  await trainer.trainEpoch();
  await trainer.dispose();
  expect(await newestTensors(at('deceived'))).toEqual(await newestTensors(at('honest')));

  const damaged = Buffer.from(due);
  damaged[damaged.length - 6] = damaged[damaged.length - 6]! ^ 8;
  fs.writeFileSync(own, damaged);
  expect((await ensureEmbeddings(dataset, encoder)).reused).toBe(false);
  expect(fs.readFileSync(own).equals(due)).toBe(true);
  expect((await ensureEmbeddings(dataset, encoder)).reused).toBe(true);

  fs.mkdirSync(at('elsewhere'));
  const elsewhere = await writeTinyPack(at('elsewhere/tiny.safetensors'), {
    captionOf: (i, k) => `${i} and ${k}`,
  });
  fs.copyFileSync(own, embeddingsPath(elsewhere.path, encoder));
  expect((await ensureEmbeddings(elsewhere, encoder)).reused).toBe(false);
  for (const one of [encoder, stranger]) await one.dispose?.();
});

test('an encoder file whose weights or claims were changed trains no GAN', async () => {
  const file = await quickEncoder(1);
  const bytes = fs.readFileSync(file);
  const changed = at('changed.safetensors');
  const cases: [string, Buffer][] = [
    ['weights', Buffer.from(bytes).fill(bytes.at(-2)! ^ 4, bytes.length - 2, bytes.length - 1)],
    ['claims', Buffer.from(bytes.toString('latin1').replace('"length\\":15', '"length\\":16'), 'latin1')],
  ];
  for (const [what, content] of cases) {
    expect(content.equals(bytes)).toBe(false);
    fs.writeFileSync(changed, content);
    const runFolder = at(`changed-${what}`);
    await expect(gan(changed, runFolder)).rejects.toMatchObject({ code: 'CHECKPOINT' });
    expect(fs.existsSync(path.join(runFolder, 'options.json'))).toBe(false);
  }
});

test('a GAN goes on with the encoder that it began with, though the file is gone or another', async () => {
  const file = at('mine.safetensors');
  fs.copyFileSync(await quickEncoder(1), file);
  const whole = await gan(file, at('whole'), { epochs: 2 });
  while (!whole.done) await whole.trainEpoch();
  await whole.dispose();
  const first = await gan(file, at('parts'), { epochs: 2 });
  await first.trainEpoch();
  await first.dispose();
  fs.copyFileSync(await quickEncoder(2), file);
  await using rest = await GanTrainer.resume(at('parts'));
  await rest.trainEpoch();
  expect(await newestTensors(at('parts'))).toEqual(await newestTensors(at('whole')));
  expect(metricsOf(at('parts'))).toEqual(metricsOf(at('whole')));
});

describe('packs without classes', () => {
  test('each image is a class of its own, and an encoder and a GAN train', async () => {
    fs.mkdirSync(at('classless'));
    const pack = await writeTinyPack(at('classless/pack.safetensors'), { classes: false });
    const features = await writeOwnFeatures(at('classless/own.safetensors'), pack);
    for (const [name, options] of [
      ['sje', { data: { features }, batchSize: 8 }],
      ['captions', { objective: { kind: 'captions' }, rankingMetric: false, batchSize: 40 }],
    ] as [string, EncoderInput][]) {
      const file = await trainTinyEncoder(pack, at(`classless/${name}`), { epochs: 1, ...options });
      const encoder = await loadTextEncoder(file);
      expect(encoder.provenance).toMatchObject({ trainedClasses: [], trainedImages: 16 });
      for (const { encoderLoss } of metricsOf(at(`classless/${name}`)))
        expect(encoderLoss).toBeGreaterThan(0);
      await encoder.dispose?.();
    }
    await expect(
      FeatureTrainer.create({ data: pack, options: tinyFeatures, runFolder: at('classless/net') }),
    ).rejects.toMatchObject({ code: 'DATA', message: expect.stringContaining('two training classes') });
  });

  test('images that share their captions cannot be told apart, and it is said', async () => {
    fs.mkdirSync(at('same'));
    const pack = await writeTinyPack(at('same/pack.safetensors'), {
      classes: false,
      captionOf: () => 'a flower',
    });
    const features = await writeOwnFeatures(at('same/own.safetensors'), pack);
    await using trainer = await TextEncoderTrainer.create({
      data: pack,
      options: { ...tinyEncoder, data: { features } },
      runFolder: at('same/run'),
    });
    await expect(trainer.trainEpoch()).rejects.toMatchObject({
      code: 'DATA',
      message: expect.stringMatching(/no two share a caption/),
    });
  });
});

test('a sentence becomes a picture in less than 100 ms with the encoder of the released size', async () => {
  const file = at('released.safetensors');
  await writeReleasedSize(file);
  const trainer = await gan(file, at('fast'), { epochs: undefined, steps: 1, generatorFeatures: 32 });
  await trainer.trainEpoch();
  const { path: bundle } = await trainer.exportBundle();
  await trainer.dispose();
  await using generator = await Generator.load(bundle);
  // Processor time of the one thread: a busy neighbor may stretch the wall clock to anything.
  const milliseconds: number[] = [];
  for (let i = 0; i < 12; i++) {
    const before = process.cpuUsage();
    await generator.generate({ prompts: `a violet bloom with ${i} white petals`, seed: i });
    const { user, system } = process.cpuUsage(before);
    milliseconds.push((user + system) / 1000);
  }
  // the first one loads the network
  expect(Math.min(...milliseconds.slice(1))).toBeLessThan(100);
});

/** An encoder of the released flowers' size, 512 channels, with weights that follow from their places. */
async function writeReleasedSize(file: string): Promise<void> {
  const options = { convolutionSize: 512, embeddingSize: 1024, length: 201, lowerCase: false };
  const layers: [string, number[]][] = [
    ['conv1', [384, 70, 4]],
    ['conv2', [512, 384, 4]],
    ['conv3', [512, 512, 4]],
    ['rnn.i2h', [512, 512]],
    ['rnn.h2h', [512, 512]],
    ['emb_proj', [1024, 512]],
  ];
  const tensors = layers.flatMap(([name, shape]) => [
    weight(`${name}.weight`, shape),
    weight(`${name}.bias`, [shape[0]!]),
  ]);
  const fingerprint = trainedFingerprint('char-cnn-rnn', options, tensors);
  await writeEncoderFile(file, {
    textEncoder: { id: 'char-cnn-rnn', fingerprint, options },
    provenance: { florigen: '0', trainedClasses: [], catalogueVersion: null },
    tensors: tensors.map(({ name, shape, bytes }) => ({ name, shape, dtype: 'F32', data: bytes })),
  });
}

function weight(name: string, shape: number[]) {
  const count = shape.reduce((product, size) => product * size, 1);
  const range = 1.7 / Math.sqrt(count / shape[0]!);
  const values = Float32Array.from(
    { length: count },
    (_, i) => range * (((i * 2654435761) >>> 8) / 2 ** 23 - 1),
  );
  return { name, shape, bytes: new Uint8Array(values.buffer) };
}
