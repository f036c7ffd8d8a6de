import { ByteCursor } from '../byte-cursor';
import { readAt, withFile } from '../open-file';
import { type ReadOptions, refuser } from '../safetensors-header';
import { readView } from '../strided';
import { T7Parser } from './parser';
import type { T7Tensor, T7Value } from './values';

/** An opened Torch7 file: everything but the numbers of its tensors, which are read when asked for. */
export interface T7File {
  path: string;
  /** Bytes of the file. */
  size: number;
  root: T7Value;
  readOptions: ReadOptions;
}

/** The first object of a file in Torch7's ASCII variant: its type and index as lines of text. */
const asciiStart = /^[0-8]\r?\n/;

/**
 * Reads a file that `torch.save` of Torch7 wrote in its binary variant, on a 64-bit machine. Memory is taken for its
 * objects only, and their number is bounded; no bytecode is executed or kept.
 * @throws the error of `options`, in one sentence, for a file of another kind, a damaged or a short one; code `IO`
 */
export async function openT7(path: string, options: ReadOptions = {}): Promise<T7File> {
  const readOptions = { kind: 'a Torch7 file', ...options };
  const fail = refuser(path, readOptions);
  return await withFile(path, readOptions, async (handle, size) => {
    const start = await readAt(handle, 0, Math.min(8, size), fail);
    if (size < 4) fail(`it has only ${size} bytes`);
    if (asciiStart.test(Buffer.from(start).toString('latin1')))
      fail("it is in Torch7's ASCII variant: save it again with torch.save(path, object)");
    if (start[0]! > 8 || start[1] !== 0 || start[2] !== 0 || start[3] !== 0) fail('it does not begin as one');
    const cursor = new ByteCursor(handle, 0, size, fail);
    const root = await new T7Parser(cursor, fail).parse();
    if (cursor.remaining > 0) fail(`${cursor.remaining} bytes follow its end`);
    return { path, size, root, readOptions };
  });
}

/**
 * The elements of a tensor as float32, row-major, whatever its type, strides and place in its storage.
 * @throws the file's error where it has changed
 */
export async function readT7Tensor(file: T7File, tensor: T7Tensor): Promise<Float32Array> {
  const { storage } = tensor;
  if (storage === null) return new Float32Array(0);
  const fail = refuser(file.path, file.readOptions);
  return await withFile(file.path, file.readOptions, async (handle, size) => {
    if (size !== file.size) fail('it has changed since it was opened');
    return await readView(handle, tensor, storage, fail);
  });
}
