import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { readAt, withFile } from './open-file';
import type { SafetensorsDtype } from './safetensors-dtypes';
import {
  headerLength,
  parseSafetensorsHeader,
  type ReadOptions,
  refuser,
  type SafetensorsHeader,
  type SafetensorsTensor,
  shownName,
} from './safetensors-header';

export type { SafetensorsDtype } from './safetensors-dtypes';
export { parseSafetensorsHeader, type ReadOptions, type SafetensorsTensor } from './safetensors-header';

const blockBytes = 1 << 20;

/** An opened safetensors file: its checked header. The data section is read when asked for. */
export interface SafetensorsFile extends SafetensorsHeader {
  path: string;
  /** Bytes of the whole file. */
  size: number;
  /** SHA-256 of everything before the data section, in hex; florigen's own headers hold the hash of the data. */
  headerSha256: string;
  readOptions: ReadOptions;
}

/**
 * Reads and checks the header of a file. No more memory is taken than the header's own size.
 * @throws the error of `options` for a missing or bad file, code `IO` where the system refuses to read
 */
export async function readSafetensorsHeader(
  path: string,
  options: ReadOptions = {},
): Promise<SafetensorsFile> {
  return await withFile(path, options, async (handle, size) => {
    const fail = refuser(path, options);
    const prefix = await readAt(handle, 0, Math.min(8, size), fail);
    const bytes = await readAt(handle, 0, 8 + headerLength(prefix, size, fail), fail);
    const header = parseSafetensorsHeader(bytes, size, path, options);
    const headerSha256 = createHash('sha256').update(bytes).digest('hex');
    return { ...header, path, size, headerSha256, readOptions: options };
  });
}

/** SHA-256 of the header in hex. It covers names, shapes, metadata and, in florigen's own files, the data's hash. */
export function fingerprint(file: SafetensorsFile): string {
  return file.headerSha256;
}

/** The entry of a tensor that must be there, with this dtype and shape where they are given (-1: any size). */
export function requireTensor(
  file: SafetensorsFile,
  name: string,
  expected: { dtype?: SafetensorsDtype; shape?: readonly number[] } = {},
): SafetensorsTensor {
  const fail = refuser(file.path, file.readOptions);
  const tensor = file.tensors.get(name) ?? fail(`it has no tensor ${shownName(name)}`);
  const { dtype, shape } = expected;
  if (dtype !== undefined && tensor.dtype !== dtype) {
    fail(`tensor ${shownName(name)} is ${tensor.dtype} where ${dtype} is due`);
  }
  const fits = shape?.every((size, axis) => size === -1 || tensor.shape[axis] === size) ?? true;
  if (!fits || (shape !== undefined && tensor.shape.length !== shape.length)) {
    const due = shape?.map((size) => (size === -1 ? 'any' : size)).join(', ');
    fail(`tensor ${shownName(name)} has shape [${tensor.shape.join(', ')}] where [${due}] is due`);
  }
  return tensor;
}

/**
 * Reads the bytes of one tensor, or `length` bytes from `start` on within it.
 * @throws the file's error where it has no such tensor, has changed, or holds a BOOL that is neither 0 nor 1
 */
export async function readTensor(
  file: SafetensorsFile,
  name: string,
  range?: { start: number; length: number },
): Promise<Uint8Array> {
  const tensor = requireTensor(file, name);
  const { start, length } = range ?? { start: 0, length: tensor.bytes };
  if (start < 0 || length < 0 || start + length > tensor.bytes) {
    throw new RangeError(`bytes ${start} to ${start + length} are not in tensor ${name}`);
  }
  const bytes = await withUnchangedFile(file, (handle, fail) =>
    readAt(handle, tensor.offset + start, length, fail),
  );
  if (tensor.dtype === 'BOOL' && bytes.some((byte) => byte > 1)) {
    refuser(file.path, file.readOptions)(`tensor ${shownName(name)} has a BOOL that is neither 0 nor 1`);
  }
  return bytes;
}

/** Reads a tensor of dtype F32. */
export async function readFloat32(file: SafetensorsFile, name: string): Promise<Float32Array> {
  requireTensor(file, name, { dtype: 'F32' });
  return new Float32Array((await readTensor(file, name)).buffer);
}

/** Reads a tensor of dtype I32. */
export async function readInt32(file: SafetensorsFile, name: string): Promise<Int32Array> {
  requireTensor(file, name, { dtype: 'I32' });
  return new Int32Array((await readTensor(file, name)).buffer);
}

/**
 * Hashes the data section and compares with the header's `contentSha256`. Reads the whole file.
 * @throws the file's error where the data was altered, or where the file carries no hash
 */
export async function verifyContent(
  file: SafetensorsFile,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const fail = refuser(file.path, file.readOptions);
  const expected = file.metadata.get('contentSha256') ?? fail('it carries no `contentSha256`');
  const hash = createHash('sha256');
  await withUnchangedFile(file, async (handle, failRead) => {
    for (let offset = file.dataStart; offset < file.size; offset += blockBytes) {
      options.signal?.throwIfAborted();
      hash.update(await readAt(handle, offset, Math.min(blockBytes, file.size - offset), failRead));
    }
  });
  if (hash.digest('hex') !== expected) fail('its data is not what was written: the hashes differ');
}

async function withUnchangedFile<T>(
  file: SafetensorsFile,
  body: (handle: FileHandle, fail: (what: string) => never) => Promise<T>,
): Promise<T> {
  return await withFile(file.path, file.readOptions, async (handle, size) => {
    const fail = refuser(file.path, file.readOptions);
    if (size !== file.size) fail('it has changed since it was opened');
    return await body(handle, fail);
  });
}
