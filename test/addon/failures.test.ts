/** What fails in the engine is an error with a code, and leaves the engine and the state whole. */
import type { FlorigenAddon, NativePlan, TrainerHandle } from '../../ts/native/addon';
import { loadAddon } from '../../ts/native/load';
import { testDevice } from '../support/device';
import { childTestMs, runChild } from './support/child';
import { readWholeState, TinyData, tinyNetwork, tinyPlan } from './support/tiny-gan';
import { encoderPlan, featurePlan, TinyTables } from './support/tiny-networks';

const addon: FlorigenAddon = loadAddon({ device: testDevice });
jest.setTimeout(childTestMs);
const data = new TinyData();
const tables = new TinyTables();
let jobs = 0;

beforeAll(() => addon.configureRuntime({ threads: 1 }));
afterAll(() => {
  data.remove();
  tables.remove();
});

const run = (trainer: TrainerHandle, plan: NativePlan, last = plan.stepStart.length - 1) =>
  addon.trainerRun(trainer, plan, { first: 0, last, jobId: ++jobs }, () => {});

/** Only the updates of one kind: 0 discriminator, 1 generator. */
function onlyKind(plan: NativePlan, kind: number): NativePlan {
  const triples = Array.from({ length: plan.updates.length / 3 }, (_, i) =>
    plan.updates.subarray(3 * i, 3 * i + 3),
  );
  const kept = triples.filter((triple) => triple[0] === kind);
  return {
    ...plan,
    updates: Int32Array.from(kept.flatMap((triple) => [...triple])),
    stepStart: Int32Array.from({ length: kept.length + 1 }, (_, index) => index),
  };
}

/** Writes NaN into the first number of the last weight of a network; returns how to undo it. */
async function poison(trainer: TrainerHandle, network: string, axes = 4): Promise<() => Promise<void>> {
  const manifest = addon.trainerManifest(trainer);
  const { name } = manifest.findLast(
    (tensor) => tensor.name.startsWith(network) && tensor.shape.length === axes,
  )!;
  const healthy = new Uint8Array(await addon.trainerReadState(trainer, name));
  const poisoned = healthy.slice();
  new DataView(poisoned.buffer).setFloat32(0, Number.NaN, true);
  await addon.trainerWriteState(trainer, name, poisoned);
  return () => addon.trainerWriteState(trainer, name, healthy);
}

test.each([
  ['discriminator', 'discriminator.', 0],
  ['generator', 'generator.', 1],
])('a %s update that is not finite is refused and changes nothing', async (updated, network, kind) => {
  const trainer = await addon.createGanTrainer(data.options());
  const plan = onlyKind(tinyPlan(4), kind);
  await run(trainer, plan, 2);
  const cure = await poison(trainer, network);
  const before = await readWholeState(addon, trainer);
  const error = await run(trainer, plan).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'NON_FINITE' });
  expect(error.message).toMatch(new RegExp(`${updated} update of step 2 .*update 0, rows 0 to 3`));
  expect(await readWholeState(addon, trainer)).toEqual(before);
  await cure();
  await expect(run(trainer, plan)).resolves.toMatchObject({ nextStep: 4, globalStep: 6 });
  await addon.disposeHandle(trainer);
});

test.each([
  ['encoder', 'encoder.', () => addon.createTextEncoderTrainer(tables.encoder()), encoderPlan, 3],
  ['features', 'features.', () => addon.createFeatureTrainer(tables.featureTrainer()), featurePlan, 1],
] as const)(
  'an update of %s that is not finite is refused and changes nothing',
  async (name, network, create, planOf, last) => {
    const trainer = await create();
    const plan = planOf(4);
    await run(trainer, plan, 2);
    const cure = await poison(trainer, network, 2);
    const before = await readWholeState(addon, trainer);
    const error = await run(trainer, plan).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'NON_FINITE' });
    expect(error.message).toMatch(new RegExp(`${name} update of step 2 .*update 0, rows 0 to ${last}`));
    expect(await readWholeState(addon, trainer)).toEqual(before);
    await cure();
    await expect(run(trainer, plan)).resolves.toMatchObject({ nextStep: 4, globalStep: 6 });
    await addon.disposeHandle(trainer);
  },
);

test('networks that do not fit are OUT_OF_MEMORY, in one sentence, and the next call works', async () => {
  const small = tinyNetwork();
  const huge = { ...small, noiseSize: 65_536, projectedTextSize: 65_536, generatorFeatures: 65_536 };
  const trainer = { ...data.options(), network: huge };
  const args = [huge, trainer, small].map((options) => JSON.stringify(options));
  // A limit of 64 GiB of addresses: the kernel's own policy of lending memory differs between machines.
  const { code, stdout, stderr } = await runChild({ script: 'memory', args, addressKilobytes: 64 << 20 });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [generatorFailure, trainerFailure, drawn] = JSON.parse(stdout);
  for (const failure of [generatorFailure, trainerFailure]) {
    expect(failure.code).toBe('OUT_OF_MEMORY');
    expect(failure.message).not.toMatch(/\n|frame #|Exception raised from/);
  }
  expect(drawn).toBe(64 * 64 * 3);
});
