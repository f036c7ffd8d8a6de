import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openTorchSave, readTorchTensor, type TorchFile } from '../../ts/formats/torch-save/file';
import { stateDictOf, TorchTensor, type TorchValue } from '../../ts/formats/torch-save/values';

const fixtures = path.join(__dirname, 'fixtures', 'torch-save');
const fixture = (name: string) => path.join(fixtures, name);
const expected: Record<string, { sizes: number[]; numbers: number[] }> = JSON.parse(
  fs.readFileSync(fixture('values.json'), 'utf8').replace(/(-?)Infinity/g, '"$1Infinity"'),
);

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-torch-save-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

type Dict = Map<TorchValue, TorchValue>;
const entry = (value: TorchValue | undefined, key: string) => (value as Dict).get(key);

async function verdictOf(name: string): Promise<Error | 'read'> {
  try {
    const file = await openTorchSave(name);
    for (const tensor of tensorsOf(file)) await readTorchTensor(file, tensor);
    return 'read';
  } catch (error) {
    return error as Error;
  }
}

function tensorsOf(file: TorchFile): TorchTensor[] {
  const found: TorchTensor[] = [];
  const seen = new Set<TorchValue>([file.root]);
  for (const value of seen) {
    if (value instanceof TorchTensor) found.push(value);
    else if (value instanceof Map) for (const pair of value) for (const inner of pair) seen.add(inner);
    else if (Array.isArray(value)) for (const inner of value) seen.add(inner);
  }
  return found;
}

describe.each([
  ['values.pth', 'zip'],
  ['values-protocol4.pth', 'zip'],
  ['values-legacy.pth', 'legacy'],
])('%s (written by PyTorch)', (name, layout) => {
  let file: TorchFile;
  beforeAll(async () => {
    file = await openTorchSave(fixture(name));
  });

  test('plain values', () => {
    const { root } = file;
    expect(file.layout).toBe(layout);
    expect(entry(root, 'numbers')).toEqual([
      0,
      255,
      256,
      -1,
      2 ** 31 - 1,
      -(2 ** 31),
      2 ** 40,
      -(2n ** 62n),
      1e300,
      -0.5,
    ]);
    expect([entry(root, 'none'), entry(root, 'truth')]).toEqual([null, [true, false]]);
    expect(entry(root, 'texts')).toEqual(['Blüte 花', '', 'x'.repeat(300)]);
    expect([...(entry(root, 'ordered') as Dict)]).toEqual([
      ['z', 1],
      ['a', 2],
    ]);
    const nested = entry(root, 'nested') as Dict;
    expect(nested.get('list')).toEqual([[], new Map(), []]);
    expect(nested.get(3)).toBe('three');
    expect(nested.get('tuple')).toEqual([1, [2, 3], [4, 5, 6, 7]]);
    expect(entry(root, 'size')).toEqual([2, 3]);
  });

  test.each(Object.entries(expected))('tensor %s', async (key, { sizes, numbers }) => {
    const tensor = entry(entry(file.root, 'tensors'), key) as TorchTensor;
    expect(tensor.sizes).toEqual(sizes);
    expect([...(await readTorchTensor(file, tensor))]).toEqual(
      numbers.map((value) => Math.fround(Number(value))),
    );
  });

  test('a state dict is found in its entry, with the counters of batch norm', async () => {
    const tensors = stateDictOf(file.root)!;
    expect([...tensors.keys()]).toEqual([
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
      '1.running_mean',
      '1.running_var',
      '1.num_batches_tracked',
    ]);
    expect([...(await readTorchTensor(file, tensors.get('0.weight')!))]).toEqual([0.5, 0.5]);
    expect([...(await readTorchTensor(file, tensors.get('1.num_batches_tracked')!))]).toEqual([0]);
  });
});

/** A file of the layout before 1.6 with one tensor over a storage of three numbers, written by hand. */
function handmade({
  sizes = 3,
  stride = 1,
  offset = 0,
  type = 'FloatStorage',
  stored = 3,
  orders = 'little_endian',
}) {
  const text = (value: string) => Buffer.from([0x58, value.length, 0, 0, 0, ...Buffer.from(value)]);
  const number = (value: number) => Buffer.from([0x4b, value]);
  const name = (module: string, member: string) => Buffer.from(`c${module}\n${member}\n`);
  const pickle = (...parts: (Buffer | string)[]) =>
    Buffer.concat([
      Buffer.of(0x80, 2),
      ...parts.map((part) => Buffer.from(part as Buffer)),
      Buffer.from('.'),
    ]);
  const storage = [text('storage'), name('torch', type), text('0'), text('cpu'), number(3)];
  const count = Buffer.alloc(8);
  count.writeBigInt64LE(BigInt(stored));
  return Buffer.concat([
    pickle(Buffer.from('8a0a6cfc9c46f9206aa85019', 'hex')),
    pickle(Buffer.of(0x4d, 0xe9, 0x03)),
    pickle('}', text(orders), Buffer.of(0x88), 's'),
    pickle(
      ...[name('torch._utils', '_rebuild_tensor_v2'), '((', ...storage, 'tQ', number(offset)],
      ...[number(sizes), Buffer.of(0x85), number(stride), Buffer.of(0x85), 'tR'],
    ),
    pickle(']', text('0'), 'a'),
    count,
    Buffer.from(Float32Array.of(1, 2, 3).buffer),
  ]);
}

describe('files that no PyTorch would write', () => {
  const verdict = async (options: Parameters<typeof handmade>[0]) => {
    const name = path.join(folder, 'x.pth');
    fs.writeFileSync(name, handmade(options));
    return await verdictOf(name);
  };

  test('the handmade file is read, and so is the end of its storage', async () => {
    expect(await verdict({})).toBe('read');
    expect(await verdict({ sizes: 1, offset: 2 })).toBe('read');
  });

  test.each([
    [{ sizes: 4 }, /a tensor of it reaches to element 4 of a storage of 3/],
    [{ stride: 2 }, /a tensor of it reaches to element 5 of a storage of 3/],
    [{ offset: 1 }, /a tensor of it reaches to element 4 of a storage of 3/],
    [{ type: 'ComplexFloatStorage' }, /its pickle asks for "torch\.ComplexFloatStorage"/],
    [{ type: 'Size' }, /it refers to something that is no storage/],
    [{ stored: 2 }, /a storage of it has another length than its tensors say/],
    [{ orders: 'big_endian' }, /its numbers are big-endian/],
  ])('%o', async (options, says) => {
    expect(await verdict(options)).toMatchObject({ code: 'DATA', message: expect.stringMatching(says) });
  });
});

describe('files that are refused', () => {
  test.each([
    [
      'evil.pth',
      /its pickle asks for "(__builtin__|builtins)\.exec", which is not data; nothing of it was executed/,
    ],
    [
      'evil-legacy.pth',
      /its pickle asks for ".*builtin.*\.print", which is not data; nothing of it was executed/,
    ],
    ['module.pth', /its pickle asks for "torch\.nn\.modules\.linear\.Linear"/],
    ['script.pt', /it is a TorchScript program/],
    ['plain.pkl', /it is a pickle that torch\.save did not write/],
    ['values.json', /it does not begin as one/],
  ])('%s', async (name, says) => {
    const verdict = await verdictOf(fixture(name));
    expect(verdict).toMatchObject({ code: 'DATA', message: expect.stringMatching(says) });
    expect((verdict as Error).message).toMatch(/^`.+` must be a file of torch\.save, but .+\.$/);
  });

  test('a missing file, and one that changed', async () => {
    expect(await verdictOf(path.join(folder, 'none.pth'))).toMatchObject({ code: 'DATA' });
    const name = path.join(folder, 'x.pth');
    fs.copyFileSync(fixture('values.pth'), name);
    const file = await openTorchSave(name);
    fs.appendFileSync(name, 'x');
    await expect(readTorchTensor(file, tensorsOf(file)[0]!)).rejects.toThrow('it has changed');
  });
});

describe.each(['values.pth', 'values-legacy.pth'])('damage to %s', (source) => {
  const good = fs.readFileSync(fixture(source));

  test('a file cut anywhere is refused', async () => {
    const name = path.join(folder, 'x.pth');
    fs.writeFileSync(name, good);
    for (let size = good.length - 1; size >= 0; size -= 7) {
      fs.truncateSync(name, size);
      expect([size, await verdictOf(name)]).toEqual([size, expect.objectContaining({ code: 'DATA' })]);
    }
  });

  test('altered bytes end in our own error or in a value, soon and without much memory', async () => {
    const name = path.join(folder, 'x.pth');
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      const bad = Buffer.from(good);
      for (let i = 0; i <= random(4); i++) bad[random(bad.length)] = random(256);
      fs.writeFileSync(name, bad);
      const before = process.memoryUsage().arrayBuffers;
      const verdict = await verdictOf(name);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200e6);
      if (verdict === 'read') continue;
      expect(verdict).toMatchObject({ code: 'DATA' });
      refused++;
    }
    expect(refused).toBeGreaterThan(40);
    expect(refused).toBeLessThan(400);
  });
});
