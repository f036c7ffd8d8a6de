import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { florigen, jsonLines, root } from './run-florigen';

// A loaded machine may take ten times as long as a quiet one.
jest.setTimeout(600_000);

let folder: string;
const pack = 'flowers.safetensors';
const run = (...args: string[]) => florigen(['encoder', 'evaluate', ...args], { cwd: folder });

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-evaluate-cli-'));
  const built = await florigen(['dataset', 'build', '--images', '204', '--sizes', '16', '--out', pack], {
    cwd: folder,
  });
  expect(built.code).toBe(0);
  const fixture = path.join(root, 'test/formats/fixtures/encoders/char-cnn-rnn.t7.gz');
  fs.writeFileSync(path.join(folder, 'encoder.t7'), gunzipSync(fs.readFileSync(fixture)));
  const imported = await florigen(['encoder', 'import', 'encoder.t7', '--out', 'encoder.safetensors'], {
    cwd: folder,
  });
  expect(imported.code).toBe(0);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** 204 images, one view, 32 numbers: as wide as the embeddings of the fixture. */
function writeFeatures(): void {
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (204, 32), }`;
  const header = `${head.padEnd(117)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  const numbers = Float32Array.from({ length: 204 * 32 }, (_, i) => Math.sin(i * i));
  const file = path.join(folder, 'features.npy');
  fs.writeFileSync(file, Buffer.concat([start, Buffer.from(header), Buffer.from(numbers.buffer)]));
}

test('n-grams: probes and triples, as JSON lines and as a report; --strict tells a missed bar', async () => {
  const args = ['n-grams', '--data', pack, '--split', 'validation', '--json', '--out', 'report.md'];
  const { code, stdout } = await run(...args, '--strict');
  expect(code).toBe(1);
  const result = jsonLines(stdout).find(({ event }) => event === 'encoder-evaluation')!;
  expect(result).toMatchObject({
    encoder: { id: 'hashed-ngrams' },
    split: 'validation',
    zeroShot: null,
    sharedColors: { species: 20, sharing: 20, pairs: 10 },
    passed: false,
    // A changed word always lies nearer than another sentence.
    bars: { changed: { bar: 0.9, passed: false } },
  });
  expect(Object.keys(result.bars as object)).toEqual(['petalColor', 'centerColor', 'changed', 'exchanged']);
  const report = fs.readFileSync(path.join(folder, 'report.md'), 'utf8');
  expect(report).toMatch(/^# Text encoder n-grams\n/);
  expect(report).toMatch(/\| hashed-ngrams \| paraphrase nearer than one attribute changed \| 0\.\d %/);
  expect(report).toContain('words kept out of training');
});

test('an imported encoder with features of one’s own: top-1 and retrieval beside the lines', async () => {
  writeFeatures();
  const { code, stdout } = await run(
    ...['encoder.safetensors', '--data', pack, '--features', 'features.npy', '--threads', '1'],
    ...['--out', 'result.json'],
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/zero-shot top-1 +\d+\.\d % \[.*\]\nAP@50 +\d+\.\d % \[.*\] of \d+\.\d %\n/);
  const result = JSON.parse(fs.readFileSync(path.join(folder, 'result.json'), 'utf8'));
  expect(result).toMatchObject({ format: 'florigen.encoder-evaluation', encoder: { id: 'char-cnn-rnn' } });
  // Untrained, on noise: near one in twenty, and far below the colors.
  expect(result.zeroShot.top1.value).toBeLessThan(result.colorWords.top1.value);
  expect(result.zeroShot.perClass).toHaveLength(20);
  expect(result.zeroShot.top1.trials).toBe(result.data.images);
});

test.each([
  [
    'a report of another kind',
    ['n-grams', '--data', pack, '--out', 'x.txt'],
    /`--out` must be a \.md or a \.json file/,
  ],
  ['an unknown split', ['n-grams', '--data', pack, '--split', 'training'], /--split/],
  [
    'an encoder with no features',
    ['encoder.safetensors', '--data', pack],
    /`features` must name image features/,
  ],
  [
    'what n-grams have no use for',
    ['n-grams', '--data', pack, '--features', 'features.npy', '--threads', '1'],
    /`--threads` changes nothing with n-grams[\s\S]*`features` must be left out with hashed-ngrams/,
  ],
])('%s is wrong usage', async (_, args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test('a pack is no encoder, and a file that is missing is said to be', async () => {
  const [foreign, missing] = [await run(pack, '--data', pack), await run('none', '--data', pack)];
  expect([foreign.code, missing.code]).toEqual([1, 1]);
  expect(foreign.stderr).toMatch(/must be a florigen text encoder.*florigen\.pack.*\(CHECKPOINT\)/);
  expect(missing.stderr).toMatch(
    /`none` must be a florigen text encoder.*there is no such file.*\(CHECKPOINT\)/,
  );
});
