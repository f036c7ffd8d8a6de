/** The root of a covariance, and embeddings that are as far apart as they rank images differently. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeSafetensors } from '../../ts/formats/safetensors-writer';
import type { Features } from '../../ts/models/features';
import { measuredByRanking } from '../../ts/models/ranking-metric';
import { trainedWeights } from '../../ts/models/trained-network';
import { loadAddon } from '../../ts/native/load';
import { testDevice } from '../support/device';

const addon = loadAddon({ device: testDevice });
const [imageCount, width, captions] = [40, 5, 6];

/** Numbers that follow from their place; the last direction hardly varies. */
const features = Float32Array.from({ length: imageCount * width }, (_, i) =>
  i % width === width - 1 ? 3 + 1e-4 * Math.cos(i) : Math.sin(i * i) * (1 + (i % width)) + 2,
);
const projection = Float32Array.from({ length: width * captions }, (_, i) => Math.cos(7 * i));
const bias = Float32Array.from({ length: width }, (_, i) => Math.sin(5 * i));

const distance = (a: number[], b: number[]) => a.reduce((sum, x, k) => sum + (x - b[k]!) ** 2, 0);
const dot = (a: ArrayLike<number>, b: number[]) => b.reduce((sum, x, k) => sum + x * a[k]!, 0);

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-ranking-'));
  addon.configureRuntime({ threads: 1 });
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The projection of a bag of six words, measured by images of the rows above. */
async function measured() {
  const file = path.join(folder, 'features.safetensors');
  const data = new Uint8Array(features.buffer);
  const { size } = await writeSafetensors(file, {
    tensors: [{ name: 'features', dtype: 'F32', shape: [imageCount, 1, width], data }],
  });
  const tensor = { path: file, offset: size - data.length, bytes: data.length } as const;
  const found: Features = {
    path: file,
    source: '',
    trunk: null,
    provenance: null,
    tensor: { ...tensor, dtype: 'F32', shape: [imageCount, 1, width] },
  };
  const weights = new Map([
    ['emb_proj.weight', projection],
    ['emb_proj.bias', bias],
    ['other', bias],
  ]);
  const network = {
    id: 'bag-of-words',
    options: {},
    weights: {
      names: [...weights.keys()],
      shape: (name: string) => (name === 'emb_proj.weight' ? [width, captions] : [width]),
      read: async (name: string) => new Uint8Array(weights.get(name)!.slice().buffer),
    },
  } as const;
  const images = [...Array(imageCount).keys()];
  const made = await trainedWeights(await measuredByRanking(network, { features: found, images }, addon));
  return new Map(made.map(({ name, bytes }) => [name, new Float32Array(bytes.slice().buffer)]));
}

test('the distance of two captions is the mean square of how differently they score images', async () => {
  const made = await measured();
  const column = (matrix: Float32Array, word: number) =>
    Array.from({ length: width }, (_, k) => matrix[k * captions + word]!);
  const rows = Array.from({ length: imageCount }, (_, i) => features.subarray(i * width, (i + 1) * width));
  for (const [a, b] of [
    [0, 1],
    [2, 5],
    [3, 4],
  ] as const) {
    const [before, other] = [column(projection, a), column(projection, b)];
    const scores = rows.map((row) => dot(row, before) - dot(row, other));
    const mean = scores.reduce((sum, x) => sum + x, 0) / imageCount;
    const square = scores.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (imageCount - 1);
    const matrix = made.get('emb_proj.weight')!;
    expect(distance(column(matrix, a), column(matrix, b)) / square).toBeCloseTo(1, 4);
  }
});

test('the bias goes with it, the rest stays, and where no image differs nothing is left', async () => {
  const made = await measured();
  const root = await addon.covarianceRoot(features, width);
  for (let k = 0; k < width; k++)
    expect(made.get('emb_proj.bias')![k]).toBeCloseTo(
      dot(root.subarray(k * width, (k + 1) * width), [...bias]),
      4,
    );
  expect(made.get('other')).toEqual(bias);
  const last = [...made.get('emb_proj.weight')!.subarray((width - 1) * captions)];
  expect(Math.max(...last.map(Math.abs))).toBeLessThan(1e-3);
});

test('the boundary refuses what has no covariance', async () => {
  await expect(addon.covarianceRoot([1, 2] as never, 1)).rejects.toThrow(/`rows` must be a Float32Array/);
  await expect(addon.covarianceRoot(features, '5' as never)).rejects.toThrow(/`width` must be a number/);
  await expect(addon.covarianceRoot(features, 7)).rejects.toThrow(/`rows` must be at least two rows of 7/);
  await expect(addon.covarianceRoot(features.fill(Number.NaN, 0, 1), width)).rejects.toMatchObject({
    code: 'NON_FINITE',
  });
});
