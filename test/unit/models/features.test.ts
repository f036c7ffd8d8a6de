import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Dataset } from '../../../ts/data/dataset';
import { openFeatures } from '../../../ts/models/features';
import { writeTinyPack } from '../training/support/tiny-pack';

let folder: string;
let dataset: Dataset;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-features-'));
  dataset = await writeTinyPack(path.join(folder, 'tiny.safetensors'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** As `numpy.save` writes it (format 1.0): magic, version, header padded to 64 bytes, data. */
function npy(descr: string, shape: string, bytes: number, order = 'False'): string {
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const header = `${text.padEnd(117)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  const file = path.join(folder, 'own.npy');
  fs.writeFileSync(file, Buffer.concat([start, Buffer.from(header), Buffer.alloc(bytes)]));
  return file;
}

test('features of one’s own in npy lie where the file has them; two axes are one view', async () => {
  const { tensor } = await openFeatures(npy('<f4', '24, 10, 4', 24 * 40 * 4), dataset);
  expect(tensor).toMatchObject({ offset: 128, bytes: 3840, dtype: 'F32', shape: [24, 10, 4] });
  const flat = await openFeatures(npy('<f4', '24, 4', 24 * 4 * 4), dataset);
  expect(flat.tensor.shape).toEqual([24, 1, 4]);
});

test.each([
  ['of another type', '<f8', '24, 4', 24 * 32, 'False', /of another type/],
  ['in Fortran order', '<f4', '24, 4', 24 * 16, 'True', /Fortran/],
  ['cut short', '<f4', '24, 4', 24 * 16 - 1, 'False', /its size is not what it says/],
  ['of other images', '<f4', '23, 4', 23 * 16, 'False', /must have the shape \[24, views, width\]/],
])('features %s are refused', async (_, descr, shape, bytes, order, message) => {
  await expect(openFeatures(npy(descr, shape, bytes, order), dataset)).rejects.toThrow(message);
});
