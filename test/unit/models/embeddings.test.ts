import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Dataset } from '../../../ts/data/dataset';
import { readFloat32, readSafetensorsHeader } from '../../../ts/formats/safetensors';
import { embeddingsPath, ensureEmbeddings } from '../../../ts/models/embeddings';
import { HashedNgramEncoder } from '../../../ts/models/hashed-ngrams';
import { writeTinyPack } from '../training/support/tiny-pack';

let folder: string;
let dataset: Dataset;
const encoder = new HashedNgramEncoder({ size: 16 });

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-embeddings-'));
  dataset = await writeTinyPack(path.join(folder, 'tiny.safetensors'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

test('row c is the embedding of caption c, beside the pack, and made once', async () => {
  const seen: number[] = [];
  const made = await ensureEmbeddings(dataset, encoder, { onProgress: ({ done }) => void seen.push(done) });
  expect(path.basename(made.path)).toBe(`tiny.embeddings-${encoder.fingerprint.slice(0, 12)}.safetensors`);
  expect([made.reused, seen.at(-1)]).toEqual([false, dataset.captionCount]);
  const rows = await readFloat32(await readSafetensorsHeader(made.path), 'sentence');
  for (const c of [0, 17, dataset.captionCount - 1]) {
    const { sentence } = await encoder.encode([dataset.caption(c).text]);
    expect(rows.subarray(c * 16, (c + 1) * 16)).toEqual(sentence.data);
  }
  expect(made.tensorRef('sentence')).toMatchObject({
    path: made.path,
    dtype: 'F32',
    shape: [dataset.captionCount, 16],
  });
  expect((await ensureEmbeddings(dataset, encoder)).reused).toBe(true);
});

test('another encoder has a file of its own', () => {
  expect(embeddingsPath(dataset.path, new HashedNgramEncoder({ size: 8 }))).not.toBe(
    embeddingsPath(dataset.path, encoder),
  );
});

test.each(['altered', 'cut short', 'of another pack'])('a file that is %s is made anew', async (harm) => {
  const file = (await ensureEmbeddings(dataset, encoder)).path;
  const whole = fs.readFileSync(file);
  if (harm === 'altered') {
    const bytes = Buffer.from(whole);
    bytes[bytes.length - 1]! ^= 1;
    fs.writeFileSync(file, bytes);
  } else if (harm === 'cut short') fs.truncateSync(file, 40);
  else
    fs.writeFileSync(file, whole.toString('latin1').replace(dataset.fingerprint, '0'.repeat(64)), 'latin1');
  expect((await ensureEmbeddings(dataset, encoder)).reused).toBe(false);
  expect(fs.readFileSync(file)).toEqual(whole);
});

test('a stopped call leaves no file', async () => {
  const other = new HashedNgramEncoder({ size: 4 });
  await expect(ensureEmbeddings(dataset, other, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'ABORTED',
  });
  expect(fs.readdirSync(folder).filter((name) => name.includes(other.fingerprint.slice(0, 12)))).toEqual([]);
});
