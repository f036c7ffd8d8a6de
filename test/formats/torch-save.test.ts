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

/** Instructions of a pickle, and its parts. */
type Part = Buffer | string;
const text = (value: string) => {
  const head = Buffer.from([0x58, 0, 0, 0, 0]);
  head.writeUInt32LE(value.length, 1);
  return Buffer.concat([head, Buffer.from(value)]);
};
const number = (value: number) => Buffer.from([0x4b, value]);
const name = (module: string, member: string) => Buffer.from(`c${module}\n${member}\n`);
const tuple1 = Buffer.of(0x85);
const tuple2 = Buffer.of(0x86);
const put = (place: number) => Buffer.from([0x71, place]);
const get = (place: number) => Buffer.from([0x68, place]);
const times = (count: number, ...parts: Part[]) => Array.from({ length: count }, () => parts).flat();
const pickle = (...parts: Part[]) =>
  Buffer.concat([Buffer.of(0x80, 2), ...parts.map((part) => Buffer.from(part as Buffer)), Buffer.from('.')]);

const storageOf = (type: string) => [
  ...['(', text('storage'), name('torch', type), text('0'), text('cpu'), number(3)],
  'tQ',
];
/** A tensor over a storage of three numbers. */
const tensor = ({ sizes = 3, stride = 1, offset = 0, type = 'FloatStorage' }) => [
  ...[name('torch._utils', '_rebuild_tensor_v2'), '(', ...storageOf(type), number(offset)],
  ...[number(sizes), tuple1, number(stride), tuple1, 'tR'],
];

/** A file of the layout before 1.6, written by hand. */
function legacyFile(root: Part[], { storages = [] as Part[], orders = 'little_endian' } = {}) {
  return Buffer.concat([
    pickle(Buffer.from('8a0a6cfc9c46f9206aa85019', 'hex')),
    pickle(Buffer.of(0x4d, 0xe9, 0x03)),
    pickle('}', text(orders), Buffer.of(0x88), 's'),
    pickle(...root),
    pickle(']', ...storages.flatMap((storage) => [storage, 'a'])),
  ]);
}

/** Three numbers behind a file, after their count. */
function withNumbers(file: Buffer, stored = 3): Buffer {
  const count = Buffer.alloc(8);
  count.writeBigInt64LE(BigInt(stored));
  return Buffer.concat([file, count, Buffer.from(Float32Array.of(1, 2, 3).buffer)]);
}

/** A file with one tensor. */
function handmade({
  stored = 3,
  orders = 'little_endian',
  ...of
}: Parameters<typeof tensor>[0] & { stored?: number; orders?: string }) {
  return withNumbers(legacyFile(tensor(of), { storages: [text('0')], orders }), stored);
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

describe('files that ask for work without end', () => {
  const written = (bytes: Buffer) => {
    const file = path.join(folder, 'x.pth');
    fs.writeFileSync(file, bytes);
    return file;
  };
  const refusal = async (root: Part[]) => {
    const verdict = await verdictOf(written(legacyFile(root)));
    expect(verdict).toMatchObject({ code: 'DATA' });
    const { message } = verdict as Error;
    expect(message).toMatch(/^`.+` must be a file of torch\.save, but .+\.$/);
    expect(message.length).toBeLessThan(300);
    return message;
  };

  test('a dict that is its own state dict has no tensors', async () => {
    const root = ['}', put(0), text('state_dict'), get(0), 's'];
    const file = await openTorchSave(written(legacyFile(root)));
    expect(entry(file.root, 'state_dict')).toBe(file.root);
    expect(stateDictOf(file.root)).toBeUndefined();
  });

  test('a state dict is looked for one level deep, not two', async () => {
    const dict = ['}', text('weight'), ...tensor({}), 's'];
    const inner = ['}', text('model'), ...dict, 's'];
    for (const [root, found] of [
      [dict, 1],
      [inner, 1],
      [['}', text('model'), ...inner, 's'], undefined],
    ] as const) {
      const bytes = withNumbers(legacyFile([...root], { storages: [text('0')] }));
      const { root: read } = await openTorchSave(written(bytes));
      expect(stateDictOf(read)?.size).toBe(found);
    }
  });

  test.each([
    ['pairs of pairs', times(24, put(0), get(0), tuple2)],
    ['tuples in each other', times(20_000, tuple1)],
  ])('a name that is no text: %s', async (_, nested) => {
    const value = [text('x'), ...nested];
    expect(await refusal([...value, text('name'), Buffer.of(0x93)])).toContain('by a name that is no text');
    expect(await refusal([text('module'), ...value, Buffer.of(0x93)])).toContain('by a name that is no text');
  });

  test('a name of two texts is a name', async () => {
    const root = [text('collections'), text('OrderedDict'), Buffer.of(0x93), ')R'];
    expect((await openTorchSave(written(legacyFile(root)))).root).toEqual(new Map());
  });

  const pairs = (count: number) => [']', ...times(count, number(1), number(2), tuple2, 'a'), tuple1, put(1)];
  const ordered = [name('collections', 'OrderedDict'), put(0), '0'];

  test('one list for many calls', async () => {
    const calls = times(1000, get(0), get(1), 'R', '0');
    expect(await refusal([...ordered, ...pairs(1000), ...calls])).toContain(
      'its pickle passes more values to its calls than it has bytes',
    );
  });

  test('long arguments for many calls', async () => {
    const many = ['(', ...times(1000, number(1)), 't', put(1)];
    const calls = times(1000, get(0), get(1), 'R', '0');
    const size = [name('torch', 'Size'), put(0), '0'];
    expect(await refusal([...size, ...many, ...calls])).toContain('passes more values to its calls');
  });

  test('a list for each call is read', async () => {
    const calls = times(200, get(0), ...pairs(1), 'R', '0');
    const file = await openTorchSave(written(legacyFile([...ordered, ...calls, get(0), ...pairs(2), 'R'])));
    expect(file.root).toEqual(new Map([[1, 2]]));
  });

  test('equal keys are not compared letter by letter', async () => {
    const key = text('x'.repeat(16_000_000));
    // As a string of Python 2, which is compared byte by byte.
    key[0] = 0x54;
    const keys = [key, put(0), '0', key, put(1), '0'];
    const sets = times(5_000, get(0), 'Ns', get(1), 'Ns');
    const before = process.cpuUsage();
    const file = await openTorchSave(written(legacyFile([...keys, '}', ...sets])));
    // Microseconds of the processor, which other programs do not lengthen; 22 s where letters are compared.
    expect(process.cpuUsage(before).user).toBeLessThan(5e6);
    expect((file.root as Dict).size).toBe(1);
  });

  test('a storage that is listed twice', async () => {
    const bytes = legacyFile(tensor({}), { storages: [text('0'), text('0')] });
    const verdict = await verdictOf(written(withNumbers(withNumbers(bytes))));
    expect(verdict).toMatchObject({
      code: 'DATA',
      message: expect.stringContaining('it lists a storage twice'),
    });
  });

  test('a list of sizes that grows behind its tensor', async () => {
    const sizes = [']', number(3), 'a', put(0)];
    const head = [name('torch._utils', '_rebuild_tensor_v2'), '(', ...storageOf('FloatStorage'), number(0)];
    const root = [...head, ...sizes, number(1), tuple1, 'tR', get(0), number(200), 'a', '0'];
    const file = await openTorchSave(written(withNumbers(legacyFile(root, { storages: [text('0')] }))));
    const made = file.root as TorchTensor;
    expect(made.sizes).toEqual([3]);
    expect([...(await readTorchTensor(file, made))]).toEqual([1, 2, 3]);
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
