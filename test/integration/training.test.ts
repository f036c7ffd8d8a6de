import fs from 'node:fs';
import path from 'node:path';
import {
  Checkpoint,
  Dataset,
  GanTrainer,
  Generator,
  TrainingConfig,
  type TrainingInput,
} from '../../ts/index';
import { networkOf } from '../../ts/models/network-options';
import { contrastiveHeadSize, networkSizes } from '../../ts/models/network-sizes';
import { filesOf, metricsOf, newestTensors } from '../unit/training/support/run-contents';
import { tinyFolder, tinyOptions } from './support/tiny-run';

jest.setTimeout(120_000);

let folder: string;
let pack: string;
let count = 0;
const fresh = () => path.join(folder, `run-${count++}`);

beforeAll(async () => {
  ({ folder, pack } = await tinyFolder());
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const create = (options: TrainingInput = {}, runFolder = fresh()) =>
  GanTrainer.create({ data: pack, options: { ...tinyOptions, ...options } as TrainingInput, runFolder });

test('a run through the public interface: train, draw, bundle, draw the same', async () => {
  await using trainer = await create();
  while (!trainer.done) await trainer.trainEpoch();
  const { path: bundle } = await trainer.exportBundle();
  const [before] = await trainer.sample('picture 3 is red', [9]);
  await using generator = await Generator.load(bundle);
  const [after] = await generator.generate({ prompts: 'picture 3 is red', seed: 9 });
  // evaluation with folded batch norm: closeness, not bytes
  const differences = after!.data.map((byte, i) => Math.abs(byte - before!.data[i]!));
  expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  expect(new Set(after!.data).size).toBeGreaterThan(1);
});

describe.each(['reed2016', 'dcgan', 'modulated'] as const)('family %s', (family) => {
  describe.each(['authors', 'paper'] as const)('pairing %s', (pairing) => {
    test.each([
      ['GAN', 0, 0],
      ['GAN-CLS', 0.5, 0],
      ['GAN-INT', 0, 1],
      ['GAN-INT-CLS', 0.5, 1],
    ])('%s trains, and what is off is not measured', async (_, clsWeight, weight) => {
      await using trainer = await create({
        family,
        data: { splits: 'training', pairing, mismatches: pairing === 'authors' ? 1 : 3 },
        clsWeight,
        interpolation: { weight },
        contrastive: { weight: pairing === 'authors' ? 0.5 : 0 },
        epochs: undefined,
        steps: 1,
      } as TrainingInput);
      const { means } = await trainer.trainEpoch();
      for (const [name, mean] of Object.entries(means)) {
        const off =
          (clsWeight === 0 && name.startsWith('mismatched')) ||
          /(guide|critic)Loss$/i.test(name) ||
          (pairing === 'paper' && /contrastiveLoss$/i.test(name));
        expect({ name, measured: mean !== null && Number.isFinite(mean) }).toEqual({ name, measured: !off });
      }
    });
  });

  test('the documented numbers of parameters are those of the native networks', async () => {
    await using trainer = await create({ family, contrastive: { weight: 0.5 } });
    const file = await trainer.save();
    const checkpoint = await Checkpoint.open(file);
    const parameters = (network: string) =>
      [...checkpoint.model.file.tensors]
        .filter(([name]) => name.startsWith(`adam.${network}.exp_avg.`))
        .reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b, 1), 0);
    const network = networkOf(trainer.options, 32);
    const sizes = networkSizes(network);
    expect(parameters('generator')).toBe(sizes.generator.parameters);
    expect(parameters('discriminator')).toBe(sizes.discriminator.parameters);
    expect(parameters('contrastive')).toBe(contrastiveHeadSize(network).parameters);
  });
});

test('a stop at a step and going on in the same process changes no tensor and no log', async () => {
  const options: TrainingInput = { contrastive: { weight: 0.5 } };
  const whole = fresh();
  {
    await using trainer = await create(options, whole);
    while (!trainer.done) await trainer.trainEpoch();
  }
  const cut = fresh();
  await using trainer = await create(options, cut);
  for (let stops = 0; !trainer.done; stops++) {
    const controller = new AbortController();
    const at = trainer.position.step + 1 + (stops % 3);
    const onProgress = ({ step }: { step: number }) => step >= at && controller.abort();
    await trainer.trainEpoch({ signal: controller.signal, onProgress });
  }
  await trainer.dispose();
  expect(metricsOf(cut)).toEqual(metricsOf(whole));
  expect(filesOf(cut)).toEqual(filesOf(whole));
});

test('without an average, and with chosen-once captions by shuffling, a resumed run is the same too', async () => {
  const options: TrainingInput = {
    emaDecay: 0,
    data: { splits: 'training', sampling: 'shuffle', captionChoice: 'chosen-once', captionsPerImage: 2 },
    modeSeeking: { weight: 0 },
    augmentation: { translation: 0, cutout: 0 },
  };
  const [whole, cut] = [fresh(), fresh()];
  for (const [runFolder, parts] of [
    [whole, 1],
    [cut, 3],
  ] as const) {
    await (await create(options, runFolder)).dispose();
    for (let part = 0; part < parts; part++) {
      await using trainer = await GanTrainer.resume(runFolder);
      if (parts > 1) await trainer.trainEpoch();
      else while (!trainer.done) await trainer.trainEpoch();
    }
  }
  expect(await newestTensors(cut)).toEqual(await newestTensors(whole));
});

test('without a contrastive term a checkpoint has no head', async () => {
  await using trainer = await create({ contrastive: { weight: 0 } });
  const { model } = await Checkpoint.open(await trainer.save());
  expect([...model.file.tensors.keys()].filter((name) => name.includes('contrastive'))).toEqual([]);
});

test('a loss that is not finite is refused with its step, and the last save stays', async () => {
  const runFolder = fresh();
  {
    await using trainer = await create({ adam: { learningRate: 1e30 }, sampleEvery: 0 }, runFolder);
    const error = await trainer.trainEpoch().catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'NON_FINITE', hint: expect.stringContaining('no checkpoint yet') });
    expect(error.message).toMatch(/step \d/);
    await expect(trainer.save()).rejects.toMatchObject({ code: 'NATIVE' });
  }
  expect(await Checkpoint.list(runFolder)).toEqual([]);
});

test('the event loop stays free while an epoch runs', async () => {
  await using trainer = await create({
    generatorFeatures: 32,
    discriminatorFeatures: 32,
    batchSize: 16,
    sampleEvery: 0,
  });
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  const started = performance.now();
  await trainer.trainEpoch();
  const duration = performance.now() - started;
  clearInterval(timer);
  // a blocked loop would wait for the whole epoch
  expect(longest).toBeLessThan(duration / 2);
});

test('disposing in mid-epoch saves what was done, and the process goes on', async () => {
  const runFolder = fresh();
  const trainer = await create({}, runFolder);
  const epoch = trainer.trainEpoch();
  await trainer.dispose();
  const { step, stopped } = await epoch;
  expect(stopped).toBe(true);
  await using again = await GanTrainer.resume(runFolder);
  expect(again.position.step).toBe(step);
});

test('the presets fit a data set with classes, captions and splits', async () => {
  const dataset = await Dataset.open(pack);
  for (const name of ['reed2016-flowers', 'blog-2019'] as const) {
    const preset = TrainingConfig.preset(name, {
      ...tinyOptions,
      epochs: undefined,
      steps: 1,
    } as TrainingInput);
    await using trainer = await GanTrainer.create({ data: dataset, options: preset, runFolder: fresh() });
    expect(await trainer.trainEpoch()).toMatchObject({ step: 1, done: true });
  }
});
