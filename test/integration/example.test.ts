import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { tinyFolder } from './support/tiny-run';

const root = path.resolve(__dirname, '../..');

test('examples/train.mjs calls trainEpoch in a loop and draws', async () => {
  // The example imports the package by its name, so it runs what `npm run build:ts` compiled.
  expect(fs.existsSync(path.join(root, 'lib/index.js'))).toBe(true);
  const { folder, pack } = await tinyFolder();
  try {
    const run = path.join(folder, 'run');
    const { stdout } = await promisify(execFile)(process.execPath, [
      path.join(root, 'examples/train.mjs'),
      pack,
      run,
      '2',
    ]);
    expect(stdout).toMatch(/^epoch 1, step 1: generator \d[^\n]*\nepoch 2, step 2: generator \d/);
    expect(await sharp(path.join(run, 'flower.png')).metadata()).toMatchObject({ width: 64, height: 64 });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);

test('the example stays short enough to be read at a glance: twenty lines of code', () => {
  const text = fs.readFileSync(path.join(root, 'examples/train.mjs'), 'utf8');
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('//'));
  expect(lines.length).toBeLessThanOrEqual(20);
});
