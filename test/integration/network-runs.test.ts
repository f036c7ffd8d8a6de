/** Runs of text encoders and feature networks on the engine: going on bit for bit, and what is refused. */
import fs from 'node:fs';
import path from 'node:path';
import { checkpointPaths } from '../../ts/models/model-file';
import { filesOf, metricsOf, newestTensors } from '../unit/training/support/run-contents';
import { networkKinds, trained } from './support/tiny-networks';
import { tinyFolder } from './support/tiny-run';

jest.setTimeout(120_000);

let folder: string;
let pack: string;
let count = 0;
const fresh = () => path.join(folder, `run-${count++}`);

beforeAll(async () => {
  ({ folder, pack } = await tinyFolder());
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe.each(Object.entries(networkKinds))('%s', (name, kind) => {
  let whole: string;
  let network: string;
  let ended: Record<string, string>;
  beforeAll(async () => {
    whole = fresh();
    network = await trained(kind, await kind.create(pack, whole));
    ended = filesOf(whole);
  });

  test('the same seed gives the same files, another one others', async () => {
    const again = fresh();
    await trained(kind, await kind.create(pack, again));
    expect(filesOf(again)).toEqual(filesOf(whole));
    const other = await trained(kind, await kind.create(pack, fresh(), { seed: 99 }));
    expect(fs.readFileSync(other).equals(fs.readFileSync(network))).toBe(false);
  });

  test('stopped at steps and resumed, a run ends bit for bit as one in a piece', async () => {
    const cut = fresh();
    let trainer = await kind.create(pack, cut);
    for (let stops = 0; !trainer.done; stops++) {
      const controller = new AbortController();
      const at = trainer.position.step + 1 + (stops % 3);
      const onProgress = ({ step }: { step: number }) => step >= at && controller.abort();
      await trainer.trainEpoch({ signal: controller.signal, onProgress });
      await trainer.dispose();
      trainer = await kind.resume(cut);
    }
    const file = await kind.finish(trainer);
    await trainer.dispose();
    expect(await newestTensors(cut)).toEqual(await newestTensors(whole));
    expect(metricsOf(cut)).toEqual(metricsOf(whole));
    expect(fs.readFileSync(file).equals(fs.readFileSync(network))).toBe(true);
  });

  test('every metric of every epoch is a number', () => {
    const lines = metricsOf(whole);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      const measured = Object.entries(line).filter(([name]) => /Loss$|[aA]ccuracy$/.test(name));
      expect(measured.length).toBeGreaterThan(1);
      for (const [name, value] of measured) expect([name, Number.isFinite(value)]).toEqual([name, true]);
    }
  });

  test('a loss that is not finite is refused with its step, and the last save stays byte for byte', async () => {
    const runFolder = fresh();
    // the second epoch has a learning rate past everything
    const options = { learningRateDecay: { factor: 1e37, every: 1 } };
    const trainer = await kind.create(pack, runFolder, options);
    await trainer.trainEpoch();
    const before = filesOf(runFolder);
    const error = await trainer.trainEpoch().catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'NON_FINITE', hint: expect.any(String) });
    expect(error.message).toMatch(/step \d/);
    await expect(trainer.save()).rejects.toMatchObject({ code: 'NATIVE' });
    await expect(kind.finish(trainer)).rejects.toMatchObject({ code: 'NATIVE' });
    await trainer.dispose();
    const after = filesOf(runFolder);
    for (const file of Object.keys(before).filter((name) => !name.includes('run.lock')))
      expect([file, after[file]]).toEqual([file, before[file]]);
    expect(await checkpointPaths(runFolder)).toHaveLength(1);
  });

  test('an altered checkpoint and one of another kind are refused, and nothing is overwritten', async () => {
    const altered = fresh();
    fs.cpSync(whole, altered, { recursive: true });
    const [newest] = await checkpointPaths(altered);
    const bytes = fs.readFileSync(newest!.path);
    bytes[bytes.length - 5] = bytes[bytes.length - 5]! ^ 1;
    fs.writeFileSync(newest!.path, bytes);
    const before = filesOf(altered);
    await expect(kind.resume(altered)).rejects.toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringContaining(path.basename(newest!.path)),
    });
    expect(filesOf(altered)).toEqual(before);

    const other = name === 'feature network' ? 'encoder' : 'feature network';
    await expect(networkKinds[other]!.resume(whole)).rejects.toMatchObject({
      code: expect.stringMatching(/CHECKPOINT|USAGE/),
    });
    expect(filesOf(whole)).toEqual(ended);
  });

  test('disposing in mid-epoch saves what was done', async () => {
    const runFolder = fresh();
    const trainer = await kind.create(pack, runFolder);
    const epoch = trainer.trainEpoch();
    await trainer.dispose();
    const { step } = await epoch;
    const again = await kind.resume(runFolder);
    expect(again.position.step).toBe(step);
    await again.dispose();
  });

  test('a folder that holds a run of it is not begun again', async () => {
    await expect(kind.create(pack, whole)).rejects.toMatchObject({ code: 'USAGE' });
  });
});
