import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Dataset } from '../../../ts/data/dataset';
import { HashedNgramEncoder } from '../../../ts/models/hashed-ngrams';
import type { TrainingInput } from '../../../ts/models/option-schema';
import { Checkpoint } from '../../../ts/training/checkpoint';
import { GanTrainer } from '../../../ts/training/gan-trainer';
import { FakeAddon } from './support/fake-addon';
import { filesOf, metricsOf, newestTensors } from './support/run-contents';
import { writeTinyPack } from './support/tiny-pack';

/** 16 training images (4 classes), batches of 4: four steps an epoch. */
const tiny: TrainingInput = {
  batchSize: 4,
  epochs: 3,
  textEncoder: { options: { size: 16 } },
  data: { splits: 'training' },
  precision: 'ieee',
  adam: { learningRate: 2e-4 },
  learningRateDecay: { factor: 1 },
  sampleEvery: 0,
};

let folder: string;
let dataset: Dataset;
let fake: FakeAddon;
let open: GanTrainer[];
const run = (name = 'run') => path.join(folder, name);

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-trainer-'));
  dataset = await writeTinyPack(path.join(folder, 'tiny.safetensors'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  fake = new FakeAddon();
  open = [];
});
afterEach(async () => {
  for (const trainer of open) await trainer.dispose();
  expect(fake.alive.size).toBe(0);
  for (const name of fs.readdirSync(folder))
    if (fs.statSync(run(name)).isDirectory()) fs.rmSync(run(name), { recursive: true });
});

async function create(options: TrainingInput = {}, name = 'run'): Promise<GanTrainer> {
  const length = options.steps === undefined ? {} : { epochs: undefined };
  const trainer = await GanTrainer.create(
    { data: dataset, options: { ...tiny, ...length, ...options } as TrainingInput, runFolder: run(name) },
    fake.addon,
  );
  open.push(trainer);
  return trainer;
}
async function resume(name = 'run', settings = {}): Promise<GanTrainer> {
  const trainer = await GanTrainer.resume(run(name), settings, fake.addon);
  open.push(trainer);
  return trainer;
}
async function finish(trainer: GanTrainer): Promise<void> {
  while (!trainer.done) await trainer.trainEpoch();
  await trainer.dispose();
}
/** Runs one epoch and aborts it before the given step of the run. */
async function stopBefore(trainer: GanTrainer, step: number) {
  const controller = new AbortController();
  fake.beforeStep = (at) => at === step && controller.abort();
  const result = await trainer.trainEpoch({ signal: controller.signal });
  fake.beforeStep = () => {};
  return result;
}

describe('a run', () => {
  test('trainEpoch tells what it did, and leaves everything in the folder', async () => {
    const trainer = await create({ sampleEvery: 1 });
    const seen: number[] = [];
    const result = await trainer.trainEpoch({ onProgress: ({ step }) => void seen.push(step) });
    expect(result).toMatchObject({
      epoch: 1,
      step: 4,
      stepCount: 12,
      completed: true,
      stopped: false,
      done: false,
    });
    expect(result.means.discriminatorLoss).toEqual(expect.any(Number));
    expect(result.imagesPerSecond).toBeGreaterThan(0);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(Object.keys(filesOf(run())).sort()).toEqual([
      'checkpoints/step-00000004.safetensors',
      'events.out.tfevents.florigen',
      'loss.png',
      'loss.svg',
      'metrics.jsonl',
      'options.json',
      'run.json',
      'run.lock',
      'samples/epoch-0001.png',
    ]);
    expect(metricsOf(run())).toEqual([
      expect.objectContaining({ epoch: 1, step: 4, steps: 4, learningRate: 2e-4, ...result.means }),
    ]);
  });

  test('ends after its last step; another epoch is refused', async () => {
    const trainer = await create({ steps: 6 });
    await trainer.trainEpoch();
    expect(await trainer.trainEpoch()).toMatchObject({ epoch: 2, step: 6, completed: true, done: true });
    expect(trainer.done).toBe(true);
    expect(metricsOf(run()).map(({ steps }) => steps)).toEqual([4, 2]);
    await expect(trainer.trainEpoch()).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('the learning rate and the mode-seeking weight follow the epochs', async () => {
    const trainer = await create({
      learningRateDecay: { factor: 0.5, every: 2 },
      modeSeeking: { weight: 1, decay: 0.5 },
    });
    await finish(trainer);
    expect(fake.plans.map((plan) => [plan.values.learningRate, plan.values.modeSeekingWeight])).toEqual([
      [2e-4, 1],
      [1e-4, 0.5],
      [1e-4, 0.25],
    ]);
  });

  test('means are those of the epoch, not of the run', async () => {
    await finish(await create({ contrastive: { weight: 1 } }));
    const file = await Checkpoint.open((await Checkpoint.list(run()))[0]!.path);
    const counts = new BigInt64Array((await file.read('progress.metric_counts')).slice().buffer);
    expect([...counts]).toEqual(Array(17).fill(4n));
  });

  test('means that were not measured are null', async () => {
    const { means } = await (await create({ clsWeight: 0, contrastive: { weight: 0 } })).trainEpoch();
    expect(means).toMatchObject({
      mismatchedLoss: null,
      mismatchedScore: null,
      contrastiveLoss: null,
      generatorContrastiveLoss: null,
      realLoss: expect.any(Number),
    });
  });

  test('with a contrastive term every plan has classes, and every line says what the term was', async () => {
    await finish(await create({ contrastive: { weight: 0.5 } }, 'on'));
    expect(fake.plans.map(({ columns }) => columns.class?.length)).toEqual([16, 16, 16]);
    for (const line of metricsOf(run('on')))
      expect(line).toMatchObject({
        contrastiveLoss: expect.any(Number),
        generatorContrastiveLoss: expect.any(Number),
      });
    fake.plans.length = 0;
    await finish(await create({ contrastive: { weight: 0 } }, 'off'));
    expect(fake.plans.map(({ columns }) => 'class' in columns)).toEqual([false, false, false]);
    for (const line of metricsOf(run('off')))
      expect(line).toMatchObject({ contrastiveLoss: null, generatorContrastiveLoss: null });
  });

  test('keeps the newest checkpoints and every saveEvery-th', async () => {
    await finish(await create({ epochs: 7, keep: 2, saveEvery: 3 }));
    expect((await Checkpoint.list(run())).map(({ step }) => step)).toEqual([28, 24, 12]);
  });

  test('samples: the same grid of the same captions; every so often and at the end', async () => {
    await finish(await create({ epochs: 5, sampleEvery: 2 }));
    expect(fs.readdirSync(path.join(run(), 'samples'))).toEqual([
      'epoch-0002.png',
      'epoch-0004.png',
      'epoch-0005.png',
    ]);
  });

  test('sample draws prompts with seeds while an epoch runs', async () => {
    const trainer = await create();
    const epoch = trainer.trainEpoch();
    const images = await trainer.sample(['a red one', 'a blue one'], [3, 4]);
    await epoch;
    expect(images.map(({ prompt, seed }) => [prompt, seed])).toEqual([
      ['a red one', 3],
      ['a red one', 4],
      ['a blue one', 3],
      ['a blue one', 4],
    ]);
    await expect(trainer.sample('', [1])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(trainer.sample('a', [-1])).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('options are frozen beside the run, with the device that auto came to mean', async () => {
    const trainer = await create();
    const saved = JSON.parse(fs.readFileSync(path.join(run(), 'options.json'), 'utf8'));
    expect(saved).toEqual(trainer.options);
    expect(saved).toMatchObject({ device: 'cpu', data: { pack: dataset.path } });
  });
});

describe('going on', () => {
  test('same seed twice, same files', async () => {
    await finish(await create({ sampleEvery: 1 }, 'a'));
    await finish(await create({ sampleEvery: 1 }, 'b'));
    expect(filesOf(run('a'))).toEqual(filesOf(run('b')));
    expect(metricsOf(run('a'))).toEqual(metricsOf(run('b')));
    await finish(await create({ seed: 2 }, 'c'));
    expect(await newestTensors(run('c'))).not.toEqual(await newestTensors(run('a')));
  });

  test.each([0, 1, 3, 4, 5, 7, 11])('stopped before step %i, then resumed, equals the whole', async (at) => {
    await finish(await create({}, 'whole'));
    const first = await create({}, 'cut');
    while (!first.done) if ((await stopBefore(first, at)).stopped) break;
    expect(first.position.step).toBe(at);
    await first.dispose();
    await finish(await resume('cut'));
    expect(filesOf(run('cut'))).toEqual(filesOf(run('whole')));
    expect(metricsOf(run('cut'))).toEqual(metricsOf(run('whole')));
  });

  test('stopping in the same process, too', async () => {
    await finish(await create({}, 'whole'));
    const trainer = await create({}, 'cut');
    const stopped = await stopBefore(trainer, 2);
    expect(stopped).toMatchObject({ stopped: true, completed: false, step: 2, samples: null });
    expect(stopped.checkpoint).toMatch(/step-00000002/);
    expect(await trainer.trainEpoch()).toMatchObject({ epoch: 1, step: 4, completed: true });
    await finish(trainer);
    expect(metricsOf(run('cut'))).toEqual(metricsOf(run('whole')));
    expect(filesOf(run('cut'))).toEqual(filesOf(run('whole')));
  });

  test('an aborted signal runs no step and writes nothing', async () => {
    const trainer = await create();
    const result = await trainer.trainEpoch({ signal: AbortSignal.abort() });
    expect(result).toMatchObject({ stopped: true, completed: false, step: 0, checkpoint: null });
    expect(await Checkpoint.list(run())).toEqual([]);
    expect(await trainer.save()).toMatch(/step-00000000/);
  });

  test('logs past the checkpoint are taken back', async () => {
    await finish(await create({}, 'whole'));
    const trainer = await create({ keep: 9, sampleEvery: 1 }, 'cut');
    await finish(trainer);
    // as if the process had been killed before the last two saves
    for (const { path: file, step } of await Checkpoint.list(run('cut'))) if (step > 4) fs.rmSync(file);
    fs.appendFileSync(path.join(run('cut'), 'metrics.jsonl'), '{"epoch": 4, "st');
    const again = await resume('cut');
    expect(metricsOf(run('cut'))).toEqual(metricsOf(run('whole')).slice(0, 1));
    expect(fs.readdirSync(path.join(run('cut'), 'samples'))).toEqual(['epoch-0001.png']);
    await finish(again);
    expect(metricsOf(run('cut'))).toEqual(metricsOf(run('whole')));
    expect((await newestTensors(run('cut')))['generator.weight']).toBe(
      (await newestTensors(run('whole')))['generator.weight'],
    );
  });

  test('a run without a checkpoint starts again', async () => {
    await (await create()).dispose();
    expect((await resume()).position).toMatchObject({ epoch: 1, step: 0 });
  });

  test('a run that goes on with other threads says that its bits will differ', async () => {
    const trainer = await create({ threads: 1 });
    await trainer.trainEpoch();
    expect(trainer.notice).toBe('');
    await trainer.dispose();
    const same = await resume();
    expect(same.notice).toBe('');
    await same.dispose();
    const other = new FakeAddon();
    const elsewhere = await GanTrainer.resume(run(), { options: { threads: 4 } }, other.addon);
    open.push(elsewhere);
    expect(elsewhere.notice).toMatch(/not bit for bit.*threads was 1 and is 4/);
  });

  test('a finished run goes on with more epochs', async () => {
    await finish(await create({ steps: 20 }, 'whole'));
    await finish(await create({ steps: 6 }, 'short'));
    const longer = await resume('short', { options: { steps: 20 } });
    expect(longer.position).toMatchObject({ epoch: 2, stepInEpoch: 2, stepsInEpoch: 4 });
    await finish(longer);
    expect(metricsOf(run('short'))).toEqual(metricsOf(run('whole')));
    expect((await newestTensors(run('short')))['discriminator.weight']).toBe(
      (await newestTensors(run('whole')))['discriminator.weight'],
    );
    expect(JSON.parse(fs.readFileSync(path.join(run('short'), 'options.json'), 'utf8')).steps).toBe(20);
  });
});

describe('refusals', () => {
  test('a folder that holds a run', async () => {
    await (await create()).dispose();
    await expect(create()).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('holds a run already'),
    });
  });
  test('two processes in one folder', async () => {
    await create();
    await expect(resume()).rejects.toMatchObject({ code: 'LOCKED' });
  });
  test('other options, by name', async () => {
    await (await create()).dispose();
    await expect(resume('run', { options: { seed: 5 } })).rejects.toMatchObject({
      code: 'USAGE',
      message: '`seed` must stay 1 in this run, but is 5 instead',
    });
    await expect(resume('run', { options: { interpolation: { weight: 3 } } })).rejects.toMatchObject({
      message: expect.stringContaining('`interpolation.weight`'),
    });
  });
  test('another data set', async () => {
    await (await create()).dispose();
    const other = await writeTinyPack(path.join(folder, 'other.safetensors'), { imagesPerClass: 5 });
    await expect(resume('run', { data: other })).rejects.toMatchObject({ code: 'DATA' });
  });
  test('no data at all', async () => {
    await expect(GanTrainer.create({ runFolder: run() }, fake.addon)).rejects.toMatchObject({
      code: 'USAGE',
    });
    expect(fs.existsSync(run())).toBe(false);
  });
  test('a folder that is no run', async () => {
    fs.mkdirSync(run());
    await expect(resume()).rejects.toMatchObject({ code: 'CHECKPOINT' });
    await expect(resume('nothing')).rejects.toMatchObject({ code: 'CHECKPOINT' });
  });
  test('images that are too small', async () => {
    const small = await writeTinyPack(path.join(folder, 'small.safetensors'), { size: 60 });
    await expect(
      GanTrainer.create({ data: small, options: tiny, runFolder: run() }, fake.addon),
    ).rejects.toMatchObject({ code: 'DATA', message: expect.stringContaining('at least 64 pixels') });
    expect(fs.existsSync(run())).toBe(false);
  });
  test('a bad encoder leaves the folders as they were', async () => {
    const file = path.join(folder, 'no-encoder.safetensors');
    fs.writeFileSync(file, 'no encoder');
    const refused = (name: string) =>
      expect(create({ textEncoder: { file } }, name)).rejects.toMatchObject({ code: 'CHECKPOINT' });
    await refused('outer/inner/run');
    expect(fs.existsSync(run('outer'))).toBe(false);
    fs.mkdirSync(run('empty'));
    await refused('empty');
    fs.mkdirSync(run('outer/other'), { recursive: true });
    await refused('outer/inner/run');
    expect(fs.readdirSync(run('empty'))).toEqual([]);
    expect(fs.readdirSync(run('outer'))).toEqual(['other']);
  });
  test('more memory than there is', async () => {
    await expect(create({ generatorFeatures: 100_000 })).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    expect(fs.existsSync(run())).toBe(false);
  });
  test('other threads than the process has', async () => {
    await (await create({ threads: 1 }, 'a')).dispose();
    await expect(create({ threads: 2 }, 'b')).rejects.toMatchObject({ code: 'USAGE' });
    expect(fake.threads).toEqual([1]);
  });
});

describe('a checkpoint that is not whole', () => {
  const harm = {
    'cut short': (file: string) => fs.truncateSync(file, fs.statSync(file).size - 1),
    'one bit altered': (file: string) => {
      const bytes = fs.readFileSync(file);
      bytes[bytes.length - 3]! ^= 1;
      fs.writeFileSync(file, bytes);
    },
    empty: (file: string) => fs.writeFileSync(file, ''),
    'of another step': (file: string) => fs.copyFileSync(file.replace('00000008', '00000004'), file),
  };
  test.each(Object.entries(harm))(
    '%s: refused by name, an older one is pointed at, nothing changes',
    async (_, damage) => {
      const trainer = await create();
      await trainer.trainEpoch();
      await trainer.trainEpoch();
      await trainer.dispose();
      const file = path.join(run(), 'checkpoints/step-00000008.safetensors');
      damage(file);
      const before = filesOf(run());
      await expect(resume()).rejects.toMatchObject({
        code: 'CHECKPOINT',
        message: expect.stringContaining('step-00000008.safetensors'),
        hint: expect.stringContaining('step-00000004.safetensors'),
      });
      expect(filesOf(run())).toEqual(before);
      fs.renameSync(file, `${file}.bad`);
      expect((await resume()).position.step).toBe(4);
    },
  );

  test('of another text encoder: refused', async () => {
    const trainer = await create();
    const { checkpoint } = await trainer.trainEpoch();
    await trainer.dispose();
    // as if a later florigen encoded text in another way
    const { fingerprint } = new HashedNgramEncoder({ size: 16 });
    const bytes = fs.readFileSync(checkpoint!).toString('latin1').replace(fingerprint, 'f'.repeat(64));
    fs.writeFileSync(checkpoint!, bytes, 'latin1');
    await expect(resume()).rejects.toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringContaining('step-00000004.safetensors'),
    });
  });

  test('of another run: the options that differ are named', async () => {
    for (const [name, seed] of [
      ['run', 1],
      ['other', 2],
    ] as const) {
      const trainer = await create({ seed }, name);
      await trainer.trainEpoch();
      await trainer.dispose();
    }
    const file = 'checkpoints/step-00000004.safetensors';
    fs.copyFileSync(path.join(run('other'), file), path.join(run(), file));
    const before = filesOf(run());
    await expect(resume()).rejects.toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringContaining('`seed` is 2 there and 1 here'),
    });
    expect(filesOf(run())).toEqual(before);
  });
});

describe('trouble', () => {
  test('a loss that is not finite: nothing is saved, the trainer trains no more, the run goes on from its save', async () => {
    const trainer = await create();
    await trainer.trainEpoch();
    fake.nonFiniteAt = 6;
    await expect(trainer.trainEpoch()).rejects.toMatchObject({
      code: 'NON_FINITE',
      message: expect.stringContaining('step 6'),
      hint: expect.stringContaining('step 4 is whole'),
    });
    await expect(trainer.save()).rejects.toMatchObject({ code: 'NATIVE' });
    await expect(trainer.trainEpoch()).rejects.toMatchObject({ code: 'NATIVE' });
    await trainer.dispose();
    expect((await Checkpoint.list(run())).map(({ step }) => step)).toEqual([4]);
    fake.nonFiniteAt = -1;
    await finish(await resume());
  });

  test('a second job while one runs is refused; dispose ends the epoch after the step in hand', async () => {
    const trainer = await create();
    const epoch = trainer.trainEpoch();
    await expect(trainer.trainEpoch()).rejects.toMatchObject({ code: 'BUSY' });
    await expect(trainer.save()).rejects.toMatchObject({ code: 'BUSY' });
    await trainer.dispose();
    const result = await epoch;
    expect(result).toMatchObject({ stopped: true });
    for (const call of [trainer.trainEpoch(), trainer.save(), trainer.sample('a flower')])
      await expect(call).rejects.toMatchObject({ code: 'DISPOSED' });
    expect((await resume()).position.step).toBe(result.step);
  });

  test('a log that cannot be written fails the epoch, and resume makes it whole', async () => {
    await finish(await create({}, 'whole'));
    const trainer = await create();
    await trainer.trainEpoch();
    fs.mkdirSync(path.join(run(), 'loss.svg.old'));
    fs.rmSync(path.join(run(), 'loss.svg'));
    fs.renameSync(path.join(run(), 'loss.svg.old'), path.join(run(), 'loss.svg'));
    await expect(trainer.trainEpoch()).rejects.toMatchObject({ code: 'IO' });
    await trainer.dispose();
    fs.rmdirSync(path.join(run(), 'loss.svg'));
    await finish(await resume());
    expect(metricsOf(run())).toEqual(metricsOf(run('whole')));
  });

  test('the lock of a process that is gone is taken over', async () => {
    await (await create()).dispose();
    const lock = path.join(run(), 'run.lock');
    expect(fs.existsSync(lock)).toBe(false);
    fs.writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname(), startTicks: '1' }));
    await (await resume()).dispose();
    // a process of this number lives, but it is another one
    fs.writeFileSync(lock, JSON.stringify({ pid: process.pid, host: os.hostname(), startTicks: '1' }));
    await (await resume()).dispose();
    fs.writeFileSync(lock, JSON.stringify({ pid: 1, host: 'elsewhere', startTicks: '' }));
    await expect(resume()).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining('elsewhere'),
    });
  });
});
