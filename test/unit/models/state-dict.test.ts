import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeSafetensors } from '../../../ts/formats/safetensors-writer';
import { findEncoder } from '../../../ts/models/encoder-import/find-encoder';
import { featureBytes, openFeatureSource } from '../../../ts/models/feature-network';
import { openStateDict } from '../../../ts/models/state-dict';

const fixtures = path.join(__dirname, '../../formats/fixtures/torch-save');

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-state-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

test.each([
  ['values.pth', 'a PyTorch state dict (torch.save)'],
  ['values-legacy.pth', 'a PyTorch state dict (torch.save before PyTorch 1.6)'],
])('%s', async (name, layout) => {
  const dict = await openStateDict(path.join(fixtures, name));
  expect(dict.layout).toBe(layout);
  expect(dict.tensors.get('0.weight')).toMatchObject({ shape: [1, 2], type: 'F32' });
  expect(await dict.tensors.get('1.running_var')!.read()).toEqual(Float32Array.of(1));
});

test('safetensors of every length of its header, one that begins as a pickle too', async () => {
  const file = path.join(folder, 'x.safetensors');
  const firstBytes = new Set<number>();
  for (let length = 0; length < 256; length += 8) {
    const tensors = [
      { name: 'x'.repeat(length + 1), dtype: 'F32', shape: [1], data: new Uint8Array(4) },
    ] as const;
    await writeSafetensors(file, { tensors });
    firstBytes.add(fs.readFileSync(file)[0]!);
    expect((await openStateDict(file)).tensors.size).toBe(1);
  }
  expect(firstBytes.has(0x80)).toBe(true);
});

test('safetensors, with halves as float32 and a name for what cannot be read', async () => {
  const file = path.join(folder, 'x.safetensors');
  await writeSafetensors(file, {
    tensors: [
      { name: 'half', dtype: 'F16', shape: [2], data: Uint8Array.of(0x00, 0x38, 0x00, 0xc0) },
      { name: 'complex', dtype: 'C64', shape: [1], data: new Uint8Array(8) },
    ],
  });
  const { layout, tensors } = await openStateDict(file);
  expect([layout, [...tensors.keys()].sort()]).toEqual(['a state dict in safetensors', ['complex', 'half']]);
  expect(await tensors.get('half')!.read()).toEqual(Float32Array.of(0.5, -2));
  await expect(tensors.get('complex')!.read()).rejects.toMatchObject({
    code: 'DATA',
    message: expect.stringContaining('its `complex` is of type C64, which florigen does not read'),
  });
  await expect(findEncoder(file)).rejects.toThrow('`conv1.weight` is missing among 2 (complex, half)');
});

test.each([
  [7, null],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [0.5, '0.5'],
  [2 ** 60, String(2 ** 60)],
])('a count of batches in floats: %s', async (count, shown) => {
  const file = path.join(folder, 'x.safetensors');
  const name = 'bn1.num_batches_tracked';
  const data = new Uint8Array(Float32Array.of(count).buffer);
  await writeSafetensors(file, { tensors: [{ name, dtype: 'F32', shape: [], data }] });
  const read = featureBytes(await openFeatureSource(file), { name, dtype: 'I64', shape: [] });
  if (shown === null)
    return expect(await read).toEqual(new Uint8Array(BigInt64Array.of(BigInt(count)).buffer));
  await expect(read).rejects.toMatchObject({
    code: 'CHECKPOINT',
    message: `\`${file}\` must hold whole numbers in ${name}, but holds ${shown}.`,
  });
});

test('files without tensors', async () => {
  const file = path.join(folder, 'x.pth');
  fs.writeFileSync(file, 'none');
  await expect(openStateDict(file, { kind: 'weights' })).rejects.toThrow(/must be weights, but/);
  await expect(openStateDict(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'DATA' });
});
