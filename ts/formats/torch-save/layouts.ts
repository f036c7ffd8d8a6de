import type { FileHandle } from 'node:fs/promises';
import { ByteCursor } from '../byte-cursor';
import { elementBytes } from '../float-decoding';
import { readAt } from '../open-file';
import { readPickle } from '../pickle/machine';
import { ZipFile } from '../zip';
import { torchReading } from './globals';
import type { TorchStorage, TorchValue } from './values';

/** The content of a file, and where each storage lies in it, in bytes. */
export interface TorchContent {
  root: TorchValue;
  positions: ReadonlyMap<string, number>;
}

type Fail = (what: string) => never;

/** PyTorch from 1.6 on: a zip archive with `data.pkl` and one stored entry for each storage, `data/<key>`. */
export async function readZipLayout(path: string, handle: FileHandle, fail: Fail): Promise<TorchContent> {
  const archive = await ZipFile.open(path);
  try {
    const entries = new Map(archive.entries.map((entry) => [entry.name, entry]));
    const pickleName = [...entries.keys()].find((name) => /^[^/]*\/data\.pkl$/.test(name));
    if (pickleName === undefined) return fail('it is a zip archive without `data.pkl`');
    const prefix = pickleName.slice(0, -'data.pkl'.length);
    if (entries.has(`${prefix}constants.pkl`)) fail('it is a TorchScript program, not tensors');
    const part = async (name: string) => {
      const entry = entries.get(prefix + name);
      if (entry === undefined) return undefined;
      if (entry.deflated || entry.compressedBytes !== entry.bytes)
        return fail(`its \`${name}\` is compressed`);
      return { start: await archive.dataOffset(entry), bytes: entry.bytes };
    };
    const order = await part('byteorder');
    if (order !== undefined && !/^little/.test(await textAt(handle, order, fail)))
      fail('its numbers are big-endian');
    const pickle = (await part('data.pkl'))!;
    const storages = new Map<string, TorchStorage>();
    const cursor = new ByteCursor(handle, pickle.start, pickle.start + pickle.bytes, fail);
    const root = await readPickle(cursor, torchReading(storages, fail));
    const positions = new Map<string, number>();
    for (const { key, type, elements } of storages.values()) {
      const data =
        (await part(`data/${key}`)) ?? fail(`its storage ${JSON.stringify(key.slice(0, 40))} is missing`);
      if (data.bytes < elements * elementBytes[type])
        fail(`its storage ${JSON.stringify(key.slice(0, 40))} is shorter than its tensors need`);
      positions.set(key, data.start);
    }
    return { root, positions };
  } finally {
    await archive.close();
  }
}

async function textAt(
  handle: FileHandle,
  { start, bytes }: { start: number; bytes: number },
  fail: Fail,
): Promise<string> {
  return Buffer.from(await readAt(handle, start, Math.min(bytes, 16), fail)).toString('latin1');
}

/** The first pickle of the layout before 1.6; the second holds the version, the third the machine. */
const legacyMagic = 0x1950a86a20f9469cfc6cn;
/** The bytes with which it begins: protocol 2, a number of ten bytes. */
export const legacyStart = Buffer.from('80028a0a6cfc9c46f9206aa85019', 'hex');
const legacyVersion = 1001;

/** PyTorch before 1.6: five pickles, then the storages in the order of the fifth, each after its count. */
export async function readLegacyLayout(handle: FileHandle, size: number, fail: Fail): Promise<TorchContent> {
  const cursor = new ByteCursor(handle, 0, size, fail);
  const storages = new Map<string, TorchStorage>();
  const reading = torchReading(storages, fail);
  const magic = await readPickle(cursor, reading);
  const version = await readPickle(cursor, reading);
  const machine = await readPickle(cursor, reading);
  if (magic !== legacyMagic || version !== legacyVersion || !(machine instanceof Map))
    return fail('its version is unknown');
  if (machine.get('little_endian') !== true) fail('its numbers are big-endian');
  const root = await readPickle(cursor, reading);
  const keys = await readPickle(cursor, reading);
  const positions = new Map<string, number>();
  for (const key of Array.isArray(keys) ? keys : []) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined) return fail('it lists a storage that no tensor uses');
    if (positions.has(storage.key)) fail('it lists a storage twice');
    if (cursor.lacks(8)) await cursor.fill(8);
    if (cursor.int64() !== BigInt(storage.elements))
      fail('a storage of it has another length than its tensors say');
    positions.set(storage.key, cursor.position);
    cursor.skip(storage.elements * elementBytes[storage.type]);
  }
  if (positions.size !== storages.size) fail('a storage of it is missing');
  return { root, positions };
}
