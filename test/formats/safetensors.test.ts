import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CheckpointError } from '../../ts/errors';
import {
  fingerprint,
  parseSafetensorsHeader,
  readFloat32,
  readInt32,
  readSafetensorsHeader,
  readTensor,
  type SafetensorsDtype,
  verifyContent,
} from '../../ts/formats/safetensors';
import { writeSafetensors } from '../../ts/formats/safetensors-writer';

const fixtures = path.join(__dirname, 'fixtures');

interface Verdict {
  name: string;
  reference: 'accept' | 'refuse';
  ours: 'accept' | 'refuse';
  raw?: string;
  length: string;
  header: [hex: string, count: number][];
  data: string;
}

const verdicts: Verdict[] = JSON.parse(fs.readFileSync(path.join(fixtures, 'verdicts.json'), 'utf8'));

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-safetensors-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function bytesOf(verdict: Verdict): Buffer {
  if (verdict.raw !== undefined) return Buffer.from(verdict.raw, 'hex');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(verdict.length));
  const parts = verdict.header.map(([hex, count]) => Buffer.alloc((hex.length / 2) * count, hex, 'hex'));
  return Buffer.concat([length, ...parts, Buffer.from(verdict.data, 'hex')]);
}

async function readAll(file: string): Promise<Map<string, Uint8Array>> {
  const opened = await readSafetensorsHeader(file);
  const all = new Map<string, Uint8Array>();
  for (const name of opened.tensors.keys()) all.set(name, await readTensor(opened, name));
  return all;
}

describe('hostile files (reference/reliability.md, 1.2)', () => {
  test('the table is whole, and knows where ours is stricter than the reference', () => {
    expect(verdicts).toHaveLength(77);
    const stricter = verdicts.filter(({ ours, reference }) => ours !== reference);
    expect(stricter.every(({ ours }) => ours === 'refuse')).toBe(true);
    expect(stricter).toHaveLength(9);
  });

  test.each(verdicts.map((verdict) => [verdict.ours, verdict.name, verdict] as const))(
    '%s: %s',
    async (ours, name, verdict) => {
      const file = path.join(folder, 'x.safetensors');
      fs.writeFileSync(file, bytesOf(verdict));
      const before = process.cpuUsage();
      // All but a BOOL's value must be refused by the header alone, before any byte of data is read.
      const read = ours === 'refuse' && name !== 'BOOL byte 2' ? readSafetensorsHeader : readAll;
      const result = await read(file).then(
        () => 'accept',
        (error: unknown) => error,
      );
      expect(process.cpuUsage(before).user).toBeLessThan(250_000);
      if (ours === 'accept') expect(result).toBe('accept');
      else {
        expect(result).toMatchObject({
          code: 'DATA',
          message: expect.stringMatching(/ must be a safetensors file, but .+\.$/),
        });
        expect((result as Error).message).not.toMatch(/\p{Cc}/u);
        expect((result as Error).message.length).toBeLessThan(folder.length + 250);
      }
    },
  );

  test('any one bit flipped in a header ends in our own error, or in a file that still tiles its data', () => {
    const good = fs.readFileSync(path.join(fixtures, 'canonical.safetensors'));
    const { dataStart } = parseSafetensorsHeader(good, good.length);
    let refused = 0;
    for (let bit = 0; bit < 8 * dataStart; bit++) {
      const bad = Buffer.from(good);
      bad[bit >> 3] = bad[bit >> 3]! ^ (1 << (bit & 7));
      try {
        const header = parseSafetensorsHeader(bad, bad.length);
        const bytes = [...header.tensors.values()].reduce((sum, tensor) => sum + tensor.bytes, 0);
        expect(header.dataStart + bytes).toBe(bad.length);
      } catch (error) {
        expect(error).toMatchObject({ code: 'DATA' });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(4 * dataStart);
  });

  test('a file cut at any byte is refused', () => {
    const good = fs.readFileSync(path.join(fixtures, 'canonical.safetensors'));
    for (let size = 0; size < good.length; size++) {
      expect(() => parseSafetensorsHeader(good.subarray(0, size), size)).toThrow(
        'must be a safetensors file',
      );
    }
  });

  test('a header of 90 MB is read without a copy of the file for each string', () => {
    const text = Buffer.alloc(90_000_000, 'x');
    const head = Buffer.from('{"__metadata__":{"k":"');
    const bytes = Buffer.concat([Buffer.alloc(8), head, text, Buffer.from('"}}')]);
    bytes.writeBigUInt64LE(BigInt(bytes.length - 8));
    const { metadata } = parseSafetensorsHeader(bytes, bytes.length);
    expect(metadata.get('k')).toHaveLength(text.length);
  });

  test('missing files and folders are named with the error class that was asked for', async () => {
    const options = { error: CheckpointError, kind: 'a checkpoint' };
    const missing = path.join(folder, 'none');
    await expect(readSafetensorsHeader(missing, options)).rejects.toMatchObject({
      code: 'CHECKPOINT',
      message: `\`${missing}\` must be a checkpoint, but there is no such file.`,
    });
    await expect(readSafetensorsHeader(folder)).rejects.toMatchObject({ code: 'DATA' });
  });
});

describe('files that Python wrote', () => {
  const expected: Record<string, { dtype: SafetensorsDtype; hex: string }> = JSON.parse(
    fs.readFileSync(path.join(fixtures, 'dtypes.json'), 'utf8'),
  );

  test('every dtype comes back with its bytes', async () => {
    const file = await readSafetensorsHeader(path.join(fixtures, 'dtypes.safetensors'));
    expect(Object.keys(expected)).toHaveLength(20);
    for (const [name, { dtype, hex }] of Object.entries(expected)) {
      expect([name, file.tensors.get(name)?.dtype]).toEqual([name, dtype]);
      expect(Buffer.from(await readTensor(file, name)).toString('hex')).toBe(hex);
    }
    expect(file.metadata.get('made by')).toMatch(/^safetensors \d/);
  });

  test('numbers, scalars, nothing and names beyond ASCII are read', async () => {
    const file = await readSafetensorsHeader(path.join(fixtures, 'dtypes.safetensors'));
    expect([...(await readFloat32(file, 'numbers F32'))]).toEqual([0.5, -1.25, Math.fround(3e38), -0]);
    expect([...(await readInt32(file, 'numbers I32'))]).toEqual([-2147483648, 0, 2147483647]);
    expect(file.tensors.get('scalar')).toMatchObject({ dtype: 'I64', shape: [], bytes: 8 });
    expect(file.tensors.get('nothing')).toMatchObject({ shape: [0, 4], bytes: 0 });
    expect([...(await readFloat32(file, 'not numbers'))]).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
    expect([...(await readTensor(file, 'Blüte 花'))]).toEqual([1]);
    await expect(readFloat32(file, 'numbers I32')).rejects.toMatchObject({ code: 'DATA' });
    await expect(readTensor(file, 'no such tensor')).rejects.toMatchObject({ code: 'DATA' });
  });
});

describe('the writer', () => {
  const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const tensors = [
    { name: 'b', dtype: 'F32' as const, shape: [2, 3], data: bytes(Float32Array.of(0, 1, 2, 3, 4, 5)) },
    { name: 'a', dtype: 'U8' as const, shape: [3], data: async () => Uint8Array.of(1, 2, 3) },
    { name: 'step', dtype: 'I64' as const, shape: [], data: bytes(BigInt64Array.of(12n)) },
    { name: 'ä "quoted\\"', dtype: 'F64' as const, shape: [1], data: bytes(Float64Array.of(0.25)) },
    { name: 'z', dtype: 'I32' as const, shape: [4], data: pieces(bytes(Int32Array.of(0, 1, 2, 3))) },
    { name: 'empty', dtype: 'F32' as const, shape: [0], data: new Uint8Array() },
  ];
  async function* pieces(all: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < all.length; start += 5) yield all.subarray(start, start + 5);
  }

  test("gives the bytes of Python's own writer", async () => {
    const file = path.join(folder, 'ours.safetensors');
    const written = await writeSafetensors(file, { tensors });
    const ours = fs.readFileSync(file);
    expect(ours).toEqual(fs.readFileSync(path.join(fixtures, 'canonical.safetensors')));
    const opened = await readSafetensorsHeader(file);
    expect(written.size).toBe(ours.length);
    expect(written.fingerprint).toBe(fingerprint(opened));
    expect(written.contentSha256).toBe(
      createHash('sha256').update(ours.subarray(opened.dataStart)).digest('hex'),
    );
    await verifyContent(opened);
  });

  test('any changed byte of the data is found', async () => {
    const file = path.join(folder, 'ours.safetensors');
    await writeSafetensors(file, { metadata: { format: 'x' }, tensors: tensors.slice(0, 2) });
    const opened = await readSafetensorsHeader(file);
    const good = fs.readFileSync(file);
    for (let at = opened.dataStart; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at] = bad[at]! ^ 1;
      fs.writeFileSync(file, bad);
      await expect(verifyContent(opened)).rejects.toMatchObject({ code: 'DATA' });
    }
    fs.writeFileSync(file, good.subarray(0, -1));
    await expect(readTensor(opened, 'a')).rejects.toThrow('has changed since it was opened');
  });

  test('what a killed process left of the same file is deleted', async () => {
    const dead = 4_194_304 + 7; // above the largest process id of Linux
    for (const name of ['ours', 'theirs'])
      fs.writeFileSync(path.join(folder, `${name}.safetensors.tmp-${dead}-0`), '');
    await writeSafetensors(path.join(folder, 'ours.safetensors'), { tensors: tensors.slice(0, 2) });
    expect(fs.readdirSync(folder).sort()).toEqual(['ours.safetensors', `theirs.safetensors.tmp-${dead}-0`]);
  });

  test('names and lengths that do not fit are refused, and nothing is left behind', async () => {
    const file = path.join(folder, 'ours.safetensors');
    const tensor = (name: string, data: Uint8Array) => ({ name, dtype: 'U8' as const, shape: [2], data });
    const two = Uint8Array.of(1, 2);
    for (const bad of [
      [tensor('a', two), tensor('a', two)],
      [tensor('a\n', two)],
      [tensor('\ud800', two)],
      [tensor('__metadata__', two)],
      [tensor('a', Uint8Array.of(1))],
      [tensor('a', Uint8Array.of(1, 2, 3))],
    ]) {
      await expect(writeSafetensors(file, { tensors: bad })).rejects.toThrow(RangeError);
    }
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
