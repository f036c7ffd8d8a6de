/** Jobs on the engine thread: order, what may run between two steps, cancelling, progress, and a free event loop. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FlorigenAddon, GanTrainerHandle, NativeRunProgress } from '../../ts/native/addon';
import { loadAddon } from '../../ts/native/load';
import { testDevice } from '../support/device';
import { TinyData, tinyNetwork, tinyPlan, tinySentences } from './support/tiny-gan';

const addon: FlorigenAddon = loadAddon({ device: testDevice });
const data = new TinyData();
let trainer: GanTrainerHandle;
let jobs = 0;

beforeAll(() => addon.configureRuntime({ threads: 1 }));
beforeEach(async () => {
  trainer = await addon.createGanTrainer(data.options());
});
afterEach(() => {
  // A test that failed may have left a run of thousands of steps.
  for (let jobId = 1; jobId <= jobs; ++jobId) addon.cancelJob(jobId);
  return addon.disposeHandle(trainer);
});
afterAll(() => data.remove());

/** Starts a run; `started` resolves at its first progress. */
function start(steps: number, of = trainer) {
  const jobId = ++jobs;
  const progress: NativeRunProgress[] = [];
  let announce = () => {};
  const started = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const done = addon.trainerRun(of, tinyPlan(steps), { first: 0, last: steps, jobId }, (step) => {
    progress.push(step);
    announce();
  });
  return { jobId, progress, started, done };
}

const step = async (of = trainer) =>
  Number(new BigInt64Array(await addon.trainerReadState(of, 'progress.step'))[0]);

test('a run does its steps, and its state says so', async () => {
  const before = await addon.trainerReadState(trainer, addon.trainerManifest(trainer)[0]!.name);
  await expect(start(3).done).resolves.toEqual({ nextStep: 3, globalStep: 3, cancelled: false });
  await expect(step()).resolves.toBe(3);
  const after = await addon.trainerReadState(trainer, addon.trainerManifest(trainer)[0]!.name);
  expect(Buffer.from(after).equals(Buffer.from(before))).toBe(false);
});

test('the plan and its arrays are copied before the call returns', async () => {
  const plan = tinyPlan(2);
  const run = addon.trainerRun(trainer, plan, { first: 0, last: 2, jobId: ++jobs }, () => {});
  plan.updates.fill(-1);
  for (const column of Object.values(plan.columns)) column.fill(-99);
  await expect(run).resolves.toMatchObject({ nextStep: 2 });
});

test('a second run, a write and a job number in use are refused while a run goes on', async () => {
  const other = await addon.createGanTrainer(data.options());
  const run = start(10_000);
  await expect(start(1).done).rejects.toMatchObject({ code: 'BUSY' });
  await expect(addon.trainerWriteState(trainer, 'progress.step', new Uint8Array(8))).rejects.toMatchObject({
    code: 'BUSY',
  });
  const same = addon.trainerRun(other, tinyPlan(1), { first: 0, last: 1, jobId: run.jobId }, () => {});
  await expect(same).rejects.toThrow('`range.jobId`');
  addon.cancelJob(run.jobId);
  await expect(run.done).resolves.toMatchObject({ cancelled: true });
  await expect(start(1).done).resolves.toMatchObject({ cancelled: false });
  await addon.disposeHandle(other);
});

test('reads, samples and new objects go between the steps of a run', async () => {
  const run = start(10_000);
  await run.started;
  const first = await step();
  const images = await addon.ganTrainerSample(trainer, ...tinySentences(2));
  const generator = await addon.createGenerator(tinyNetwork());
  const drawn = await addon.generatorGenerate(generator, ...tinySentences(3));
  await addon.disposeHandle(generator);
  const last = await step();
  addon.cancelJob(run.jobId);
  const result = await run.done;
  expect(first).toBeGreaterThan(0);
  expect(last).toBeGreaterThan(first);
  expect(result.nextStep).toBeGreaterThanOrEqual(last);
  expect(result.cancelled).toBe(true);
  expect([images.length, drawn.length]).toEqual([2 * 64 * 64 * 3, 3 * 64 * 64 * 3]);
});

test('what runs between the steps does not change a bit of them', async () => {
  const other = await addon.createGanTrainer(data.options());
  await start(8).done;
  const disturbed = start(8, other);
  for (let index = 0; index < 4; ++index) await addon.ganTrainerSample(other, ...tinySentences(2));
  await disturbed.done;
  for (const { name } of addon.trainerManifest(trainer)) {
    const [a, b] = await Promise.all([trainer, other].map((handle) => addon.trainerReadState(handle, name)));
    expect({ name, same: Buffer.from(a!).equals(Buffer.from(b!)) }).toEqual({ name, same: true });
  }
  await addon.disposeHandle(other);
});

test('a run of another trainer waits for the run in hand', async () => {
  const other = await addon.createGanTrainer(data.options());
  const long = start(10_000);
  const short = start(1, other);
  await long.started;
  await expect(Promise.race([short.done, sleep(100, 'waits')])).resolves.toBe('waits');
  await expect(addon.trainerWriteState(other, 'progress.step', new Uint8Array(8))).rejects.toMatchObject({
    code: 'BUSY',
  });
  addon.cancelJob(long.jobId);
  await expect(short.done).resolves.toMatchObject({ nextStep: 1, cancelled: false });
  await addon.disposeHandle(other);
});

test('cancelling ends a run after the step in hand, also before its first', async () => {
  const run = start(10_000);
  addon.cancelJob(run.jobId);
  await expect(run.done).resolves.toMatchObject({ cancelled: true });
  const second = start(10_000);
  await second.started;
  addon.cancelJob(second.jobId);
  addon.cancelJob(second.jobId);
  addon.cancelJob(987_654);
  const { nextStep, cancelled } = await second.done;
  expect(cancelled).toBe(true);
  expect(nextStep).toBeGreaterThan(0);
  expect(nextStep).toBeLessThan(10_000);
  expect(() => addon.cancelJob('x' as unknown as number)).toThrow('`jobId` must be a number');
});

test('a disposed handle is refused everywhere, and disposing twice is fine', async () => {
  const gone = await addon.createGanTrainer(data.options());
  const goneGenerator = await addon.createGenerator(tinyNetwork());
  await Promise.all([gone, goneGenerator].map((handle) => addon.disposeHandle(handle)));
  await expect(addon.disposeHandle(gone)).resolves.toBeUndefined();
  const disposed = { code: 'DISPOSED', message: 'the trainer is disposed' };
  expect(() => addon.trainerManifest(gone)).toThrow('the trainer is disposed');
  expect(() => addon.generatorManifest(goneGenerator)).toThrow('the generator is disposed');
  for (const call of [
    addon.trainerReadState(gone, 'progress.step'),
    addon.trainerWriteState(gone, 'progress.step', new Uint8Array(8)),
    start(1, gone).done,
    addon.ganTrainerSample(gone, ...tinySentences(1)),
  ]) {
    await expect(call).rejects.toMatchObject(disposed);
  }
  await expect(addon.generatorGenerate(goneGenerator, ...tinySentences(1))).rejects.toMatchObject({
    code: 'DISPOSED',
  });
});

test('disposing in mid-run waits for the run', async () => {
  const gone = await addon.createGanTrainer(data.options());
  const run = start(30, gone);
  await run.started;
  const order: string[] = [];
  const disposed = addon.disposeHandle(gone).then(() => order.push('disposed'));
  await run.done.then(() => order.push('ran'));
  await disposed;
  expect(order).toEqual(['ran', 'disposed']);
});

test('progress comes at most ten times a second, in order, and never after the end', async () => {
  const quick = await addon.createGanTrainer(data.options(1));
  const run = start(10_000, quick);
  const began = performance.now();
  await run.started;
  await sleep(1000);
  addon.cancelJob(run.jobId);
  const { nextStep } = await run.done;
  const elapsed = (performance.now() - began) / 1000;
  const seen = run.progress.length;
  const steps = run.progress.map(({ nextStep: next }) => next);
  expect(seen).toBeGreaterThanOrEqual(4);
  expect(seen).toBeLessThanOrEqual(Math.floor(elapsed * 10) + 1);
  expect(nextStep).toBeGreaterThan(seen); // else nothing was held back
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  for (const { globalStep, nextStep: next, losses } of run.progress) {
    expect(globalStep).toBe(next);
    expect(Object.keys(losses).sort()).toEqual(['discriminator', 'generator']);
    expect(Object.values(losses).every(Number.isFinite)).toBe(true);
  }
  await sleep(150);
  expect(run.progress.length).toBe(seen);
  await addon.disposeHandle(quick);
});

test('what onProgress throws ends the run and rejects it', async () => {
  let calls = 0;
  const run = addon.trainerRun(trainer, tinyPlan(10_000), { first: 0, last: 10_000, jobId: ++jobs }, () => {
    ++calls;
    throw new RangeError('enough');
  });
  await expect(run).rejects.toThrow('enough');
  expect(calls).toBe(1);
  await expect(start(1).done).resolves.toMatchObject({ nextStep: 1 });
});

/** The longest time that a timer of 5 ms came late during a run of `steps` steps, and the time of a step. */
async function measureLag(steps: number): Promise<{ lag: number; stepTime: number }> {
  const wide = await addon.createGanTrainer(data.options(96));
  const run = start(steps, wide);
  await run.started;
  const began = performance.now();
  let lag = 0;
  let last = began;
  const timer = setInterval(() => {
    const now = performance.now();
    lag = Math.max(lag, now - last - 5);
    last = now;
  }, 5);
  await run.done;
  const stepTime = (performance.now() - began) / (steps - 1);
  clearInterval(timer);
  await addon.disposeHandle(wide);
  return { lag, stepTime };
}

test('the event loop is free while steps run', async () => {
  // A loop that a step blocks lags by a whole step in every attempt. Half a step is the bound where a machine is so
  // busy that steps take longer than 100 ms and timers come late by themselves.
  // On a GPU a step is shorter, and half of it is the bound throughout.
  const shortest = testDevice === 'cuda' ? 20 : 50;
  const bound = (stepTime: number) => Math.max(testDevice === 'cuda' ? 0 : 50, stepTime / 2);
  const attempts: Awaited<ReturnType<typeof measureLag>>[] = [];
  do attempts.push(await measureLag(5));
  while (attempts.length < 3 && attempts.at(-1)!.lag >= bound(attempts.at(-1)!.stepTime));
  const { lag, stepTime } = attempts.at(-1)!;
  expect(stepTime).toBeGreaterThan(shortest);
  expect(lag).toBeLessThan(bound(stepTime));
});
