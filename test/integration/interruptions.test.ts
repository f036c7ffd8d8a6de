import fs from 'node:fs';
import path from 'node:path';
import { filesOf, metricsOf } from '../unit/training/support/run-contents';
import { TrainingChild } from './support/child';
import { killLoop } from './support/kill-loop';
import { tinyFolder, tinyOptions } from './support/tiny-run';

jest.setTimeout(300_000);

let folder: string;
let pack: string;
let whole: string;
const train = (runFolder: string) => new TrainingChild(runFolder, pack, tinyOptions);

beforeAll(async () => {
  ({ folder, pack } = await tinyFolder());
  whole = path.join(folder, 'whole');
  await train(whole).endsWell();
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test('the same seed in another process gives the same bytes', async () => {
  const again = path.join(folder, 'again');
  await train(again).endsWell();
  expect(filesOf(again)).toEqual(filesOf(whole));
  expect(metricsOf(again)).toEqual(metricsOf(whole));
});

// step 1 is in the first epoch, 6 in the second, 8 at an epoch's end, 11 one before the last
test.each([1, 6, 8, 11])(
  'SIGINT after step %i saves; the rest in a new process ends bit-equal',
  async (step) => {
    const cut = path.join(folder, `cut-${step}`);
    const child = train(cut);
    expect(await child.says(new RegExp(`step ${step}\\n`))).toBe(true);
    child.process.kill('SIGINT');
    await child.endsWell();
    const stopped = /stopped/.test(child.output);
    const rest = train(cut);
    await rest.endsWell();
    if (stopped) expect(Number(/at (\d+)/.exec(rest.output)![1])).toBeGreaterThanOrEqual(step);
    expect(rest.output).toMatch(/done/);
    expect(filesOf(cut)).toEqual(filesOf(whole));
    expect(metricsOf(cut)).toEqual(metricsOf(whole));
  },
);

test('SIGKILL at random moments loses no save, and the run still ends bit-equal', async () => {
  // npm run accept does at least fifty
  const report = await killLoop({ kills: 5, seed: 20_160 });
  expect(report.kills).toBeGreaterThanOrEqual(5);
  expect(report.runs).toBeGreaterThanOrEqual(1);
});
