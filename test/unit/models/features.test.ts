import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Dataset } from '../../../ts/data/dataset';
import { writeSafetensors } from '../../../ts/formats/safetensors-writer';
import { findFeatures, openFeatures, readView } from '../../../ts/models/features';
import { writeTinyPack } from '../training/support/tiny-pack';

let folder: string;
let dataset: Dataset;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-features-'));
  dataset = await writeTinyPack(path.join(folder, 'tiny.safetensors'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** As `numpy.save` writes it (format 1.0): magic, version, header padded to 64 bytes, data. */
function npy(descr: string, shape: string, bytes: number | Uint8Array, order = 'False'): string {
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const header = `${text.padEnd(117)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  const file = path.join(folder, 'own.npy');
  fs.writeFileSync(
    file,
    Buffer.concat([start, Buffer.from(header), typeof bytes === 'number' ? Buffer.alloc(bytes) : bytes]),
  );
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

const numbersOf = (change: (numbers: Float32Array) => void) => {
  const numbers = new Float32Array(24 * 2 * 3).map((_, i) => i);
  change(numbers);
  return new Uint8Array(numbers.buffer);
};

test('what stands for features of one’s own is their content, in npy and safetensors alike', async () => {
  const sourceOf = async (data: Uint8Array) =>
    (await openFeatures(npy('<f4', '24, 2, 3', data), dataset)).source;
  const plain = numbersOf(() => {});
  const source = await sourceOf(plain);
  expect(source).toMatch(/^[0-9a-f]{64}$/);
  expect(await sourceOf(numbersOf((numbers) => numbers.fill(-1, 7, 8)))).not.toBe(source);
  const file = path.join(folder, 'same.safetensors');
  await writeSafetensors(file, {
    tensors: [{ name: 'features', dtype: 'F32', shape: [24, 2, 3], data: plain }],
  });
  expect((await openFeatures(file, dataset)).source).toBe(source);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%p is refused with its image and view', async (number) => {
  const data = numbersOf((numbers) => numbers.fill(number, 5 * 6 + 3, 5 * 6 + 4));
  await expect(openFeatures(npy('<f4', '24, 2, 3', data), dataset)).rejects.toThrow(
    /own\.npy` must be finite, but view 1 of image 5 /,
  );
});

test('features that were altered after they were written are refused', async () => {
  const file = path.join(folder, 'altered.safetensors');
  const data = numbersOf(() => {});
  const { size } = await writeSafetensors(file, {
    tensors: [{ name: 'features', dtype: 'F32', shape: [24, 2, 3], data }],
  });
  const handle = fs.openSync(file, 'r+');
  fs.writeSync(handle, Buffer.from([1]), 0, 1, size - 1);
  fs.closeSync(handle);
  await expect(openFeatures(file, dataset)).rejects.toThrow(/the hashes differ/);
});

test('of several features beside a pack one must be named, and the hint says how', async () => {
  const files = ['a', 'b'].map((name) => path.join(folder, `tiny.features-${name}.safetensors`));
  for (const file of files) fs.writeFileSync(file, '');
  await expect(findFeatures(dataset)).rejects.toMatchObject({
    message: expect.stringContaining('must say which features'),
    hint: `Name one of them: \`--data-features ${files[0]}\`.`,
  });
  await expect(findFeatures(dataset, { option: 'features' })).rejects.toMatchObject({
    hint: expect.stringContaining('`--features '),
  });
  for (const file of files) fs.rmSync(file);
});

describe('features in the layout of the authors', () => {
  const fixtures = path.join(__dirname, '..', '..', 'formats', 'fixtures', 't7', 'features');
  const images = [...Array(24).keys()];

  test.each([
    ['a folder of classes, rows by file name', '.', 2],
    ['the folder itself', 'images', 2],
    ['one file of all images, whatever its strides', 'all.t7', 2],
    ['one file of one view', 'one view.t7', 1],
  ])('%s', async (_, name, views) => {
    const features = await openFeatures(path.join(fixtures, name), dataset);
    expect(features.tensor.shape).toEqual([24, views, 3]);
    expect(features).toMatchObject({ trunk: null, provenance: null });
    for (let view = 0; view < views; view++) {
      const { data } = await readView(features, images, view);
      expect([...data]).toEqual(images.flatMap((i) => [0, 1, 2].map((k) => i + k / 16 + view / 4)));
    }
    // It lies beside the pack now, so that the next command finds it.
    expect(await findFeatures(dataset)).toBe(features.path);
    fs.rmSync(features.path);
  });

  test.each([
    ['no tensor', 'table.t7', /it holds no tensor by itself/],
    [
      'other images',
      path.join('images', 'red.t7'),
      /its tensor is \[4, 3, 2\] where \[24, width, views\] is due/,
    ],
    ['a missing class', '..', /red\.t7` must be a Torch7 file of image features, but there is no such file/],
  ])('%s is refused', async (_, name, message) => {
    await expect(openFeatures(path.join(fixtures, name), dataset)).rejects.toThrow(message);
  });

  test('a folder of classes is refused for a pack without', async () => {
    const plain = await writeTinyPack(path.join(folder, 'plain.safetensors'), { classes: false });
    await expect(openFeatures(fixtures, plain)).rejects.toThrow(/must fit a data set with classes/);
  });

  test('classes of other views are refused', async () => {
    const other = path.join(folder, 'classes');
    fs.cpSync(path.join(fixtures, 'images'), other, { recursive: true });
    fs.copyFileSync(path.join(fixtures, 'four of one view.t7'), path.join(other, 'blue.t7'));
    await expect(openFeatures(other, dataset)).rejects.toThrow(
      /blue\.t7` must be .* it has 1 views of width 3 where .*red\.t7 has 2 of 3/,
    );
  });
});
