/** The feature network at the boundary: weights from a file, views in, features out, and what is refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFloat32, readInt32, readSafetensorsHeader, readTensor } from '../../ts/formats/safetensors';
import { type TensorSource, writeSafetensors } from '../../ts/formats/safetensors-writer';
import type { FeatureNetworkHandle, FlorigenAddon, NativeFeatureNetworkOptions } from '../../ts/native/addon';
import { loadAddon } from '../../ts/native/load';
import { testDevice } from '../support/device';
import { featureWeight } from './support/feature-weights';
import { anything, refusal } from './support/option-tree';
import { TinyData, tinySentences } from './support/tiny-gan';

const addon: FlorigenAddon = loadAddon({ device: testDevice });
const fixtures = join(__dirname, '../parity/fixtures');
const side = 40;
const crop = { side, cropSide: 36 };
const images = Uint8Array.from({ length: 2 * side * side * 3 }, (_, index) => (index * 2654435761) >>> 24);
let network: FeatureNetworkHandle;

function options(changes: Partial<NativeFeatureNetworkOptions> = {}): NativeFeatureNetworkOptions {
  return {
    architecture: 'googlenet-small',
    inputSize: 32,
    heads: [3, 2],
    dtype: 'float32',
    device: testDevice,
    precision: 'ieee',
    deterministic: true,
    ...changes,
  };
}

beforeAll(async () => {
  addon.configureRuntime({ threads: 1 });
  network = await addon.createFeatureNetwork(options());
});
afterAll(() => addon.disposeHandle(network));

test("a torchvision state dict, saved and loaded, gives torchvision's features", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'florigen-features-'));
  const full = await addon.createFeatureNetwork(
    options({ architecture: 'googlenet', inputSize: 224, heads: [1000] }),
  );
  try {
    const fixture = await readSafetensorsHeader(join(fixtures, 'features-torchvision.safetensors'));
    const path = join(folder, 'googlenet.safetensors');
    await writeSafetensors(path, { tensors: stateDict(fixture.metadata.get('state')!) });
    const saved = await readSafetensorsHeader(path);
    for (const name of saved.tensors.keys())
      await addon.featureNetworkWriteState(full, name, await readTensor(saved, name));
    const data = await readSafetensorsHeader(join(fixtures, 'data.safetensors'));
    const found = await addon.featureNetworkExtract(
      full,
      await readTensor(data, 'images'),
      await readInt32(fixture, 'views'),
      { side: 76, cropSide: 64 },
    );
    expectWithin(found.features, await readFloat32(fixture, 'features'));
    expectWithin(found.logits, await readFloat32(fixture, 'logits'), 0.1);
  } finally {
    rmSync(folder, { recursive: true });
    await addon.disposeHandle(full);
  }
});

/** The tensors of the lines `name size size ...`. */
function stateDict(lines: string): TensorSource[] {
  return lines.split('\n').map((line) => {
    const [name, ...sizes] = line.split(' ') as [string, ...string[]];
    const shape = sizes.map(Number);
    const dtype = name.endsWith('num_batches_tracked') ? 'I64' : 'F32';
    return { name, dtype, shape, data: async () => featureWeight(name, shape) };
  });
}

/** 1e-4 relative to each value, with a share of the largest one beneath it, as `feature_network_test.cc`. */
function expectWithin(actual: Float32Array, expected: Float32Array, floor = 1e-3): void {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const errors = actual.map(
    (value, i) => Math.abs(value - expected[i]!) / (Math.abs(expected[i]!) + floor * largest),
  );
  expect(errors.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(1e-4);
}

test('each view has its row of features and of logits', async () => {
  const views = Int32Array.from([0, 0, 0, 0, 1, 4, 2, 1, 0, 0, 0, 0]);
  const both = await addon.featureNetworkExtract(network, images, views, crop);
  expect([both.features.length, both.logits.length]).toEqual([3 * 1024, 3 * 5]);
  expect(both.features.subarray(0, 1024)).toEqual(both.features.subarray(2048));
  expect(both.features.subarray(0, 1024)).not.toEqual(both.features.subarray(1024, 2048));
  const none = await addon.featureNetworkExtract(network, images, new Int32Array(), crop);
  expect([none.features.length, none.logits.length]).toEqual([0, 0]);
});

test('the arrays are copied before the call returns', async () => {
  const [pictures, views] = [images.slice(), Int32Array.from([1, 1, 1, 1])];
  const expected = await addon.featureNetworkExtract(network, pictures, views, crop);
  const found = addon.featureNetworkExtract(network, pictures, views, crop);
  pictures.fill(0);
  views.fill(99);
  expect(await found).toEqual(expected);
});

test('what was written is what answers', async () => {
  const other = await addon.createFeatureNetwork(options());
  const views = Int32Array.from([0, 0, 0, 0]);
  const before = await addon.featureNetworkExtract(other, images, views, crop);
  await addon.featureNetworkWriteState(other, 'heads.1.bias', new Uint8Array(Float32Array.of(7, -7).buffer));
  const after = await addon.featureNetworkExtract(other, images, views, crop);
  expect(after.features).toEqual(before.features);
  expect(after.logits.subarray(0, 3)).toEqual(before.logits.subarray(0, 3));
  expect(after.logits[3]! - before.logits[3]!).toBeCloseTo(7 - 0, 0);
  await addon.disposeHandle(other);
});

test('the manifest has the names of torchvision, and the heads', () => {
  const manifest = addon.featureNetworkManifest(network);
  const shapeOf = (name: string) => manifest.find((tensor) => tensor.name === name)?.shape;
  expect(shapeOf('conv1.conv.weight')).toEqual([32, 3, 3, 3]);
  expect(shapeOf('inception5b.branch4.1.bn.running_var')).toEqual([128]);
  expect(shapeOf('heads.0.weight')).toEqual([3, 1024]);
  expect(shapeOf('heads.1.bias')).toEqual([2]);
  expect(manifest.find(({ name }) => name === 'conv1.bn.num_batches_tracked')?.dtype).toBe('I64');
});

describe('refused', () => {
  test.each(Object.keys(options()))('options without `%s`, or with another kind of it', async (key) => {
    const create = (value: unknown) => addon.createFeatureNetwork(anything({ ...options(), [key]: value }));
    await expect(create(undefined)).rejects.toMatchObject(refusal(key, 'undefined'));
    await expect(create({})).rejects.toMatchObject(refusal(key, 'an object'));
  });

  test.each([
    ['architecture', 'vgg', "'vgg'"],
    ['inputSize', 16, '16'],
    ['heads', [3, 0], '0'],
    ['heads', [3, 'x'], '"x"'],
    ['dtype', 'float8', "'float8'"],
    ['device', 'tpu', "'tpu'"],
    ['precision', 'double', "'double'"],
  ])('`%s` = %p', async (key, value, shown) => {
    const name = key === 'heads' ? 'heads[1]' : key;
    await expect(addon.createFeatureNetwork(options({ [key]: value }))).rejects.toMatchObject(
      refusal(name, shown),
    );
  });

  test('an unknown option', async () => {
    await expect(addon.createFeatureNetwork(anything({ ...options(), tall: 1 }))).rejects.toMatchObject({
      message: '`tall` is not an option',
    });
  });

  test.each([
    ['images', [new Uint8Array(7), new Int32Array(4), crop], '7 bytes'],
    ['images', [new Uint8Array(), new Int32Array(4), crop], '0 bytes'],
    ['images', [[1, 2], new Int32Array(4), crop], 'an array'],
    ['views', [images, new Int32Array(6), crop], '6'],
    ['views', [images, new Float32Array(4), crop], 'a typed array of another kind'],
    ['views[1].image', [images, Int32Array.from([1, 0, 0, 0, 2, 0, 0, 0]), crop], '2'],
    ['views[0].x', [images, Int32Array.from([0, 5, 0, 0]), crop], '5'],
    ['views[0].flip', [images, Int32Array.from([0, 0, 0, -1]), crop], '-1'],
    ['crop.side', [images, new Int32Array(4), { side: 0, cropSide: 1 }], '0'],
    ['crop.cropSide', [images, new Int32Array(4), { side, cropSide: 41 }], '41'],
    ['crop.cropSide', [images, new Int32Array(4), { side }], 'undefined'],
    ['crop', [images, new Int32Array(4), null], 'null'],
  ])('extracting with a wrong `%s`', async (name, [pictures, views, square], shown) => {
    const found = addon.featureNetworkExtract(network, anything(pictures), anything(views), anything(square));
    await expect(found).rejects.toMatchObject(refusal(name as string, shown as string));
  });

  test('tensors of another name or size', async () => {
    const write = (name: unknown, size: number) =>
      addon.featureNetworkWriteState(network, anything(name), new Uint8Array(size));
    await expect(write('conv9.conv.weight', 4)).rejects.toMatchObject(refusal('name', '"conv9.conv.weight"'));
    await expect(write(7, 4)).rejects.toMatchObject(refusal('name', '7'));
    await expect(write('conv1.bn.weight', 4)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(write('fc.weight', 1000 * 1024 * 4)).resolves.toBeUndefined();
    await expect(write('aux1.fc1.weight', 8)).resolves.toBeUndefined();
  });

  test('handles of another kind, and a disposed one', async () => {
    const data = new TinyData();
    const trainer = await addon.createGanTrainer(data.options());
    const views = new Int32Array(4);
    for (const wrong of [trainer, {}, undefined, 3]) {
      expect(() => addon.featureNetworkManifest(anything(wrong))).toThrow(
        '`network` must be a handle from createFeatureNetwork',
      );
      await expect(addon.featureNetworkExtract(anything(wrong), images, views, crop)).rejects.toMatchObject({
        code: 'USAGE',
      });
    }
    await expect(addon.ganTrainerSample(anything(network), ...tinySentences(1))).rejects.toMatchObject({
      code: 'USAGE',
    });
    const other = await addon.createFeatureNetwork(options());
    await addon.disposeHandle(other);
    await addon.disposeHandle(other);
    const disposed = { code: 'DISPOSED', message: 'the network is disposed' };
    expect(() => addon.featureNetworkManifest(other)).toThrow(disposed.message);
    await expect(addon.featureNetworkExtract(other, images, views, crop)).rejects.toMatchObject(disposed);
    await expect(addon.featureNetworkWriteState(other, 'fc.bias', images)).rejects.toMatchObject(disposed);
    await addon.disposeHandle(trainer);
    data.remove();
  });
});
