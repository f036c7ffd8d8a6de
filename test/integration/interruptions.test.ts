import fs from 'node:fs';
import path from 'node:path';
import { filesOf, metricsOf } from '../unit/training/support/run-contents';
import { TrainingChild } from './support/child';
import { killLoop } from './support/kill-loop';
import { slowOptions, tinyFolder } from './support/tiny-run';

jest.setTimeout(300_000);

let folder: string;
let pack: string;
let whole: string;
const train = (runFolder: string) => new TrainingChild(runFolder, pack, slowOptions);

beforeAll(async () => {
  ({ folder, pack } = await tinyFolder(16));
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

// in the first epoch of four steps, and in the second
test.each([1, 5])(
  'SIGINT after step %i saves in mid-epoch; the rest in a new process ends bit-equal',
  async (step) => {
    const cut = path.join(folder, `cut-${step}`);
    const child = train(cut);
    expect(await child.reaches(step)).toBe(true);
    child.process.kill('SIGINT');
    await child.endsWell();
    expect(child.output).toMatch(/stopped\n$/);
    const rest = train(cut);
    await rest.endsWell();
    const resumedAt = Number(/^at (\d+)/.exec(rest.output)![1]);
    expect(resumedAt).toBeGreaterThanOrEqual(step);
    expect(resumedAt % 4).not.toBe(0);
    expect(filesOf(cut)).toEqual(filesOf(whole));
    expect(metricsOf(cut)).toEqual(metricsOf(whole));
  },
);

test('SIGKILL at random moments loses no save, and the run still ends bit-equal', async () => {
  // npm run accept does at least fifty
  const report = await killLoop({ kills: 4, seed: 20_160 });
  expect(report.kills).toBeGreaterThanOrEqual(4);
  expect(report.runs).toBeGreaterThanOrEqual(1);
});
