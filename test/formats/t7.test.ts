import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openT7, readT7Tensor, type T7File } from '../../ts/formats/t7/file';
import {
  lossyText,
  T7Function,
  T7Object,
  T7Storage,
  T7Table,
  T7Tensor,
  type T7Value,
} from '../../ts/formats/t7/values';

const fixtures = path.join(__dirname, 'fixtures', 't7');
const valuesPath = path.join(fixtures, 'values.t7');

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-t7-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Opens bytes as a file, and reads every tensor that hangs on it. */
async function readAll(bytes: Uint8Array): Promise<T7File> {
  const name = path.join(folder, 'x.t7');
  fs.writeFileSync(name, bytes);
  const file = await openT7(name);
  const seen = new Set<T7Value>([file.root]);
  for (const value of seen) {
    if (value instanceof T7Tensor) await readT7Tensor(file, value);
    if (value instanceof T7Table) for (const pair of value.entries) for (const inner of pair) seen.add(inner);
    if (value instanceof T7Object) seen.add(value.fields);
    if (value instanceof T7Function) seen.add(value.upvalues);
  }
  return file;
}

const verdictOf = (bytes: Uint8Array) =>
  readAll(bytes).then(
    () => 'read',
    (error: unknown) => error as Error,
  );

/** The binary form of simple things, for files that no writer would write. */
const int = (...values: number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeInt32LE(value, 4 * i);
  return bytes;
};
const long = (...values: (number | bigint)[]) => {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [i, value] of values.entries()) bytes.writeBigInt64LE(BigInt(value), 8 * i);
  return bytes;
};
const text = (value: string) => Buffer.concat([int(value.length), Buffer.from(value)]);
const torch = (index: number, name: string, ...content: Buffer[]) =>
  Buffer.concat([int(4, index), text('V 1'), text(name), ...content]);

describe('every kind of object (written by the rules of File.lua)', () => {
  let file: T7File;
  let root: T7Table;
  beforeAll(async () => {
    file = await openT7(valuesPath);
    root = file.root as T7Table;
  });

  test('plain values, with strings as bytes', () => {
    expect((root.get('list') as T7Table).list().slice(0, 3)).toEqual([1.5, 'two', false]);
    expect(root.get('number')).toBe(-2.5e300);
    expect((root.get('truth') as T7Table).list()).toEqual([true, false]);
    expect(Buffer.from(root.get('bytes') as string, 'latin1')).toEqual(
      Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
    );
    expect(lossyText(root.get('text') as string)).toBe('Blüte 花');
    expect(root.get('empty text')).toBe('');
    expect(root.get('after functions')).toBe('still in step');
    expect(root.get('not there')).toBeNull();
  });

  test('tables with any keys, cycles and shared tables', () => {
    expect(root.get('itself')).toBe(root);
    const key = root.get('key');
    const keys = root.get('keys') as T7Table;
    expect([keys.get(1.5), keys.get(-1), keys.get(true), keys.get(key)]).toEqual([
      'fraction',
      'negative',
      'truth',
      'table',
    ]);
    const gap = root.get('gap') as T7Table;
    expect([gap.list(), gap.entries.size]).toEqual([['one', 'two'], 3]);
    expect((root.get('vec') as T7Table).list()).toEqual(['first', key, 3]);
    expect((root.get('hash') as T7Table).get(2)).toBe(key);
    expect((root.get('old hash') as T7Table).get('x')).toBe(5);
  });

  test('objects of any class with their fields, and functions without their code', () => {
    const object = root.get('object') as T7Object;
    expect([object.className, object.version]).toEqual(['nn.Linear', 2]);
    expect(object.get('weight')).toBe((root.get('tensors') as T7Table).get('Float'));
    const old = root.get('very old object') as T7Object;
    expect([old.className, old.version, old.get('old')]).toEqual(['nn.Tanh', 0, true]);
    expect((root.get('unknown object') as T7Object).get('field')).toBe(7);
    const functions = (root.get('functions') as T7Table).list() as T7Function[];
    expect(functions.every((value) => value instanceof T7Function)).toBe(true);
    const [first] = (functions[0]!.upvalues as T7Table).list() as T7Table[];
    expect(first!.get('value')).toBe(root.get('key'));
  });

  const expected: Record<string, { class: string; sizes: number[]; numbers: number[] }> = JSON.parse(
    fs.readFileSync(path.join(fixtures, 'values.json'), 'utf8').replace(/(-?)Infinity/g, '"$1Infinity"'),
  );

  test('there is a tensor of each class of Torch7 and its CUDA packages', () => {
    expect(new Set(Object.values(expected).map((tensor) => tensor.class)).size).toBe(16);
  });

  test.each(Object.entries(expected))('tensor %s', async (name, { class: className, sizes, numbers }) => {
    const tensor = (root.get('tensors') as T7Table).get(name) as T7Tensor;
    expect([tensor.className, tensor.sizes]).toEqual([className, sizes]);
    expect([...(await readT7Tensor(file, tensor))]).toEqual(
      numbers.map((value) => Math.fround(Number(value))),
    );
  });

  test('tensors of one storage share it', () => {
    const tensors = root.get('tensors') as T7Table;
    const storages = ['rows 2 and 3', 'transposed', 'repeated'].map(
      (name) => (tensors.get(name) as T7Tensor).storage,
    );
    expect(new Set([...storages, root.get('shared storage')]).size).toBe(1);
    expect(storages[0]).toBeInstanceOf(T7Storage);
  });
});

describe('files that are refused', () => {
  const refusals: [name: string, bytes: Buffer, says: RegExp][] = [
    ['nothing', Buffer.alloc(0), /it has only 0 bytes/],
    ['another kind of file', Buffer.from('\x89PNG\r\n\x1a\n'), /it does not begin as one/],
    ['the ASCII variant', Buffer.from('3\n1\n2\n'), /ASCII variant: save it again/],
    ['an unknown type', int(3, 1, 1, 9, 0, 0), /type 9 is none of Torch7 \(at byte 16\)/],
    ['bytes after the end', int(0, 0), /4 bytes follow its end/],
    ['a table that ends too early', int(3, 1, 2, 0), /a table is said to have 2 entries/],
    ['a table of less than nothing', int(3, 1, -1), /a table is said to have -1 entries/],
    ['a string longer than the file', int(2, 1_000_000), /a string is said to have 1000000 bytes/],
    ['a string of less than nothing', int(2, -4, 0, 0), /a string is said to have -4 bytes/],
    ['nil as a key', int(3, 1, 1, 0, 0), /a table has the key nil/],
    ['code longer than the file', int(8, 1, 50, 0, 0), /a function is said to have 50 bytes/],
    ['a class without a name', torch(1, '', int(3, 2, 0)), /the name of a class is not text/],
    [
      'a class of unknown content',
      torch(1, 'my.Secret', int(1, 0, 0)),
      /class my\.Secret holds no table of fields/,
    ],
    [
      'an index of two kinds',
      Buffer.concat([int(3, 1, 1), int(1), long(0), int(4, 1)]),
      /object 1 is used as another kind/,
    ],
    [
      'a storage larger than the file',
      torch(1, 'torch.FloatStorage', long(2n ** 40n)),
      /said to have 1099511627776 elements, which the file has not/,
    ],
    [
      'a storage of no size',
      torch(1, 'torch.FloatStorage', long(2n ** 62n)),
      /4611686018427387904 is not a size/,
    ],
    ['a negative storage', torch(1, 'torch.FloatStorage', long(-1)), /said to have -1 elements/],
    ['a tensor of 65 dimensions', torch(1, 'torch.FloatTensor', int(65)), /said to have 65 dimensions/],
    [
      'a tensor past its storage',
      torch(
        1,
        'torch.FloatTensor',
        int(1),
        long(3, 1, 2),
        torch(2, 'torch.FloatStorage', long(3), Buffer.alloc(12)),
      ),
      /a torch\.FloatTensor reaches to element 4 of a storage of 3/,
    ],
    [
      'a tensor of another type than its storage',
      torch(1, 'torch.FloatTensor', int(1), long(1, 1, 1), torch(2, 'torch.IntStorage', long(1), int(0))),
      /a torch\.FloatTensor has no storage of its own type/,
    ],
    [
      'a tensor that repeats one number without end',
      torch(
        1,
        'torch.FloatTensor',
        int(1),
        long(2 ** 40, 0, 1),
        torch(2, 'torch.FloatStorage', long(1), int(0)),
      ),
      /repeats its 1 numbers without end/,
    ],
    [
      'a tensor of negative sizes',
      torch(1, 'torch.FloatTensor', int(1), long(-2, 1, 1), torch(2, 'torch.FloatStorage', long(1), int(0))),
      /has a negative or absurd size/,
    ],
  ];

  test.each(refusals)('%s', async (_name, bytes, says) => {
    const verdict = await verdictOf(bytes);
    expect(verdict).toMatchObject({ code: 'DATA', message: expect.stringMatching(says) });
    expect((verdict as Error).message).toMatch(/^`.+` must be a Torch7 file, but .+\.$/);
  });

  test('a missing file and a folder', async () => {
    await expect(openT7(path.join(folder, 'none.t7'))).rejects.toThrow('there is no such file');
    await expect(openT7(folder)).rejects.toMatchObject({ code: expect.stringMatching(/DATA|IO/) });
  });

  test('a file that changed after it was opened', async () => {
    const file = await readAll(fs.readFileSync(valuesPath));
    const tensor = ((file.root as T7Table).get('tensors') as T7Table).get('Float') as T7Tensor;
    fs.appendFileSync(file.path, 'x');
    await expect(readT7Tensor(file, tensor)).rejects.toThrow('it has changed since it was opened');
  });
});

describe('damage', () => {
  const good = fs.readFileSync(valuesPath);

  test('a file cut at any byte is refused', async () => {
    const name = path.join(folder, 'x.t7');
    fs.writeFileSync(name, good);
    for (let size = good.length - 1; size >= 0; size--) {
      fs.truncateSync(name, size);
      const verdict = await openT7(name).catch((error: unknown) => error);
      expect([size, verdict]).toEqual([size, expect.objectContaining({ code: 'DATA' })]);
    }
  });

  test('thousands of altered bytes end in our own error or in a value, soon and without much memory', async () => {
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const verdicts = { read: 0, refused: 0 };
    for (let round = 0; round < 2000; round++) {
      const bad = Buffer.from(good);
      for (let i = 0; i <= random(3); i++) bad[random(bad.length)] = random(256);
      const started = process.memoryUsage().arrayBuffers;
      const verdict = await verdictOf(bad);
      expect(process.memoryUsage().arrayBuffers - started).toBeLessThan(200e6);
      if (verdict === 'read') verdicts.read++;
      else {
        expect(verdict).toMatchObject({ code: 'DATA' });
        verdicts.refused++;
      }
    }
    expect(verdicts.refused).toBeGreaterThan(1000);
    expect(verdicts.read).toBeGreaterThan(100);
  });
});

describe('size and depth', () => {
  test('a graph of 200,000 levels needs no stack', async () => {
    const levels = 200_000;
    const opening = Array.from({ length: levels }, (_, i) =>
      Buffer.concat([int(3, i + 1, 1), int(2), text('next')]),
    );
    // The innermost table is the outermost: a cycle.
    const file = await readAll(Buffer.concat([...opening, int(3, 1)]));
    let table = file.root as T7Table;
    for (let i = 0; i < levels; i++) table = table.get('next') as T7Table;
    expect(table).toBe(file.root);
  });

  test('a storage of 2 GB costs nothing until it is read', async () => {
    const name = path.join(folder, 'large.t7');
    const elements = 500_000_000;
    const head = Buffer.concat([
      int(4, 1),
      text('V 1'),
      text('torch.FloatTensor'),
      int(1),
      long(2, 1, elements - 1),
      int(4, 2),
      text('V 1'),
      text('torch.FloatStorage'),
      long(elements),
    ]);
    fs.writeFileSync(name, head);
    fs.truncateSync(name, head.length + 4 * elements);
    const before = process.memoryUsage().rss;
    const file = await openT7(name);
    expect([...(await readT7Tensor(file, file.root as T7Tensor))]).toEqual([0, 0]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
});
