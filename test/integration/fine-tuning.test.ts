/** GANs whose text encoder trains with the discriminator: state, files, pictures. What a step computes: test/native. */
import fs from 'node:fs';
import path from 'node:path';
import {
  Checkpoint,
  Dataset,
  exportBundle,
  GanTrainer,
  Generator,
  loadTextEncoder,
  type TrainingInput,
} from '../../ts/index';
import { type EncoderProvenance, trainedFingerprint, writeEncoderFile } from '../../ts/models/encoder-file';
import { openEngine } from '../../ts/models/engine';
import { openTextEncoder } from '../../ts/models/open-encoder';
import { textArchitectureIds } from '../../ts/models/text-architectures';
import { textNetworkSize, textNetworkTensors } from '../../ts/models/text-network-sizes';
import type { TrainedTextEncoder } from '../../ts/models/trained-encoder';
import { filesOf, metricsOf, newestTensors, tensorsOf } from '../unit/training/support/run-contents';
import { tinyGan, trainTinyEncoder, writeOwnFeatures } from './support/tiny-networks';
import { tinyFolder } from './support/tiny-run';

jest.setTimeout(120_000);

let folder: string;
let dataset: Dataset;
let encoderFile: string;
let count = 0;
const fresh = () => path.join(folder, `run-${count++}`);
const sentence = 'picture 3 is red';

beforeAll(async () => {
  const made = await tinyFolder();
  folder = made.folder;
  dataset = await Dataset.open(made.pack);
  const features = await writeOwnFeatures(path.join(folder, 'own.safetensors'), dataset);
  encoderFile = await trainTinyEncoder(dataset, path.join(folder, 'encoder'), {
    epochs: 1,
    // Short and wide enough that its state hears the words, not the padding alone.
    length: 12,
    convolutionSize: 32,
    initialRange: 0.1,
    data: { features },
  });
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const create = (options: TrainingInput = {}, runFolder = fresh()) =>
  tinyGan(dataset, encoderFile, runFolder, {
    epochs: undefined,
    steps: 4,
    data: { splits: 'training', mismatches: 2 },
    fineTune: { learningRate: 0.01 },
    ...options,
  } as TrainingInput);

const embeddingOf = async (encoder: { encode: Generator['textEncoder']['encode'] }) =>
  (await encoder.encode([sentence])).sentence.data;

const ofEncoder = (tensors: Record<string, string>) =>
  Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith('textEncoder.')));

test('stopped at steps and resumed, a run ends bit for bit as one in a piece', async () => {
  const [whole, cut] = [fresh(), fresh()];
  const options = { steps: 6, sampleEvery: 1, learningRateDecay: { factor: 0.5, every: 2 } };
  {
    await using trainer = await create(options, whole);
    while (!trainer.done) await trainer.trainEpoch();
  }
  await (await create(options, cut)).dispose();
  for (let done = false; !done; ) {
    await using trainer = await GanTrainer.resume(cut);
    const controller = new AbortController();
    const at = trainer.position.step + 3;
    const onProgress = ({ step }: { step: number }) => step >= at && controller.abort();
    await trainer.trainEpoch({ signal: controller.signal, onProgress });
    done = trainer.done;
  }
  const tensors = await newestTensors(whole);
  expect(await newestTensors(cut)).toEqual(tensors);
  expect(metricsOf(cut)).toEqual(metricsOf(whole));
  expect(filesOf(cut)).toEqual(filesOf(whole));
  expect(metricsOf(cut).map((line) => line.encoderLearningRate)).toEqual([0.01, 0.005]);
  const events = fs.readFileSync(path.join(cut, 'events.out.tfevents.florigen'), 'latin1');
  expect(events.split('encoderLearningRate')).toHaveLength(3);
  const parameters = Object.keys(ofEncoder(tensors));
  expect(parameters).toContain('textEncoder.conv1.weight');
  for (const name of parameters)
    for (const moment of ['exp_avg', 'exp_avg_sq'])
      expect(Object.keys(tensors)).toContain(`adam.${name.replace('.', `.${moment}.`)}`);
});

test('it begins with the weights of the file, and every layer learns', async () => {
  await using trainer = await create();
  const before = ofEncoder(await tensorsOf(await trainer.save()));
  const file = Object.entries(await tensorsOf(encoderFile));
  expect(before).toEqual(
    Object.fromEntries(file.map(([name, hex]) => [name.replace(/^encoder/, 'textEncoder'), hex])),
  );
  await trainer.trainEpoch();
  const after = ofEncoder(await newestTensors(trainer.runFolder));
  const unchanged = Object.keys(before).filter((name) => before[name] === after[name]);
  expect(unchanged).toEqual([]);
});

test('the bundle carries the encoder as it has become, and draws as the trainer does', async () => {
  await using began = await loadTextEncoderDisposable(encoderFile);
  const runFolder = fresh();
  await using trainer = await create({}, runFolder);
  while (!trainer.done) await trainer.trainEpoch();
  const { path: bundle } = await trainer.exportBundle(path.join(folder, 'fine-tuned.safetensors'));
  const [drawn] = await trainer.sample(sentence, [9]);
  for (const model of [bundle, runFolder]) {
    await using generator = await Generator.load(model);
    expect(generator.textEncoder.fingerprint).not.toBe(began.encoder.fingerprint);
    const [own, file] = [await embeddingOf(generator.textEncoder), await embeddingOf(began.encoder)];
    expect(Math.max(...own.map((value, i) => Math.abs(value - file[i]!)))).toBeGreaterThan(0.05);
    const [picture] = await generator.generate({ prompts: sentence, seed: 9 });
    // evaluation with folded batch norm: closeness, not bytes
    const apart = picture!.data.map((byte, i) => Math.abs(byte - drawn!.data[i]!));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  }
  // What the pictures would be with the encoder that the run began with: the sample above is none of it.
  const stale = await drawnWith(trainer, began.encoder);
  expect(Buffer.from(stale).equals(Buffer.from(drawn!.data))).toBe(false);
});

async function loadTextEncoderDisposable(file: string) {
  const encoder = await loadTextEncoder(file);
  return { encoder, [Symbol.asyncDispose]: async () => await encoder.dispose?.() };
}

/** A picture of the trainer's weights with the embedding of another encoder. */
async function drawnWith(trainer: GanTrainer, encoder: Generator['textEncoder']): Promise<Uint8Array> {
  const { native } = (trainer as unknown as { parts: { native: { sample: Sample } } }).parts;
  return await native.sample(await embeddingOf(encoder), Uint32Array.of(9));
}
type Sample = (sentences: Float32Array, seeds: Uint32Array) => Promise<Uint8Array>;

test('an encoder’s file without one of its weights trains nothing', async () => {
  const encoder = (await loadTextEncoder(encoderFile)) as TrainedTextEncoder;
  const { id, options, provenance } = encoder;
  const some = encoder.tensors().filter(({ name }) => name !== 'conv2.bias');
  const bytes = some.map(({ name, shape, data }) => ({ name, shape, bytes: data as Uint8Array }));
  const file = path.join(folder, 'partial.safetensors');
  await writeEncoderFile(file, {
    textEncoder: { id, options: { ...options }, fingerprint: trainedFingerprint(id, options, bytes) },
    provenance: provenance as EncoderProvenance,
    tensors: some,
  });
  await expect(create({ textEncoder: { file } })).rejects.toThrow(
    /must have a tensor conv2\.bias of shape \[512\], but has none/,
  );
});

test('a half-precision bundle names its own encoder and loads', async () => {
  await using trainer = await create({ steps: 1 });
  await trainer.trainEpoch();
  const half = path.join(folder, 'half.safetensors');
  await exportBundle(trainer.runFolder, half, { half: true });
  await using generator = await Generator.load(half);
  expect((await generator.generate({ prompts: sentence }))[0]!.data).toHaveLength(64 * 64 * 3);
});

test('a file says what the encoder has seen in this run, and reads no embeddings of the pack', async () => {
  await using trainer = await create({ steps: 2 });
  await trainer.trainEpoch();
  const { textEncoder } = (await Checkpoint.open(await trainer.save())).model;
  expect(textEncoder.provenance).toMatchObject({
    pack: dataset.fingerprint,
    fineTuned: { step: 2, pack: dataset.fingerprint, catalogueVersion: null },
  });
  expect((textEncoder.provenance!.fineTuned as { trainedClasses: number[] }).trainedClasses).toEqual(
    [...trainer.dataset.imagesOf('training').map((image) => dataset.classOf(image))]
      .filter((id, i, all) => all.indexOf(id) === i)
      .sort((a, b) => a - b),
  );
  const encoder = await openTextEncoder(trainer.runFolder);
  expect(encoder.fingerprint).toBe(textEncoder.fingerprint);
  expect(fs.readdirSync(folder).filter((name) => name.startsWith('tiny.embeddings'))).toEqual([]);
  expect(fs.readdirSync(folder).filter((name) => name.startsWith('tiny.tokens'))).toHaveLength(1);
});

test('pictures of one moment can be drawn while an epoch runs, and change nothing', async () => {
  const [quiet, busy] = [fresh(), fresh()];
  await using one = await create({}, quiet);
  await one.trainEpoch();
  await using other = await create({}, busy);
  const epoch = other.trainEpoch();
  const [picture] = await other.sample(sentence, [1]);
  expect(picture!.data).toHaveLength(64 * 64 * 3);
  await epoch;
  expect(await newestTensors(busy)).toEqual(await newestTensors(quiet));
});

test.each([
  ['authors', 'reed2016'],
  ['paper', 'dcgan'],
] as const)('the pairing %s trains it too, with one caption a row', async (pairing, family) => {
  await using trainer = await create({
    family,
    steps: 1,
    data: { splits: 'training', pairing, mismatches: 1, captionsPerImage: 1, captionChoice: 'replace' },
  } as TrainingInput);
  const { means } = await trainer.trainEpoch();
  expect(Number.isFinite(means.mismatchedLoss)).toBe(true);
  const before = await tensorsOf(encoderFile);
  const after = ofEncoder(await newestTensors(trainer.runFolder));
  const moved = Object.keys(after).filter(
    (name) => after[name] !== before[name.replace('textEncoder', 'encoder')],
  );
  expect(moved).toContain('textEncoder.emb_proj.weight');
  expect(moved).toContain('textEncoder.conv1.weight');
});

test.each(textArchitectureIds)(
  'the tensors that files are compared with, and memory is estimated from, are those of %s',
  async (architecture) => {
    const { addon } = openEngine({ device: 'cpu', threads: 1 });
    const sizes = { architecture, vocabularySize: 23, length: 90, convolutionSize: 12, embeddingSize: 20 };
    const machine = { dtype: 'float32', device: 'cpu', precision: 'ieee', deterministic: true } as const;
    const handle = await addon.createTextNetwork({ ...sizes, ...machine, dropout: 0 });
    const tensors = addon.textNetworkManifest(handle).map(({ name, shape }) => ({ name, shape }));
    await addon.disposeHandle(handle);
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(textNetworkTensors(sizes).sort(byName)).toEqual(tensors.sort(byName));
    const numbers = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(textNetworkSize(sizes).parameters).toBe(numbers);
  },
);
