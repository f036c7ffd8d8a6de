import { readAt, withFile } from '../open-file';
import { type ReadOptions, refuser } from '../safetensors-header';
import { readView } from '../strided';
import { legacyStart, readLegacyLayout, readZipLayout, type TorchContent } from './layouts';
import type { TorchTensor } from './values';

/** An opened file of `torch.save`: everything but the numbers of its tensors, which are read when asked for. */
export interface TorchFile extends TorchContent {
  path: string;
  /** Bytes of the file. */
  size: number;
  layout: 'zip' | 'legacy';
  readOptions: ReadOptions;
}

/**
 * Reads what PyTorch's `torch.save` wrote: dicts, lists, numbers, texts and tensors. Its pickle is read as data; a
 * file that asks for anything else is refused by the name of what it asks for, and nothing is executed.
 * @throws the error of `options`, in one sentence, for a file of another kind, a damaged or a short one; code `IO`
 */
export async function openTorchSave(path: string, options: ReadOptions = {}): Promise<TorchFile> {
  const readOptions = { kind: 'a file of torch.save', ...options };
  const fail = refuser(path, readOptions);
  return await withFile(path, readOptions, async (handle, size) => {
    const start = Buffer.from(await readAt(handle, 0, Math.min(size, legacyStart.length), fail));
    const common = { path, size, readOptions };
    if (isZip(start)) return { ...common, layout: 'zip', ...(await readZipLayout(path, handle, fail)) };
    if (start.equals(legacyStart))
      return { ...common, layout: 'legacy', ...(await readLegacyLayout(handle, size, fail)) };
    if (start[0] === 0x80) fail('it is a pickle that torch.save did not write');
    return fail('it does not begin as one');
  });
}

/** Whether a file's first bytes are those of a zip archive. */
export function isZip(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4;
}

/**
 * The elements of a tensor as float32, row-major, whatever its type and strides.
 * @throws the file's error where it has changed
 */
export async function readTorchTensor(file: TorchFile, tensor: TorchTensor): Promise<Float32Array> {
  const { key, type, elements } = tensor.storage;
  const fail = refuser(file.path, file.readOptions);
  return await withFile(file.path, file.readOptions, async (handle, size) => {
    if (size !== file.size) fail('it has changed since it was opened');
    return await readView(handle, tensor, { type, elements, position: file.positions.get(key)! }, fail);
  });
}
