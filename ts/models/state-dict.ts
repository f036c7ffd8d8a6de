import { decodeFloats, type ElementType, elementBytes } from '../formats/float-decoding';
import { readAt, withFile } from '../formats/open-file';
import { readSafetensorsHeader, readTensor } from '../formats/safetensors';
import { type ReadOptions, refuser } from '../formats/safetensors-header';
import { isZip, openTorchSave, readTorchTensor } from '../formats/torch-save/file';
import { stateDictOf } from '../formats/torch-save/values';

/** One tensor of a state dict. */
export interface StateTensor {
  shape: readonly number[];
  /** Type of the numbers in the file, as safetensors calls it. */
  type: string;
  /** The numbers, row-major, as float32. */
  read(): Promise<Float32Array>;
}

/** The tensors of a network by name, and the kind of file that they were found in. */
export interface StateDict {
  layout: string;
  tensors: ReadonlyMap<string, StateTensor>;
}

/** Whether a file's first bytes are those of `torch.save`, in one of its layouts. */
export async function isTorchSave(path: string, options: ReadOptions = {}): Promise<boolean> {
  return await withFile(path, options, async (handle, size) => {
    const start = await readAt(handle, 0, Math.min(size, 9), refuser(path, options));
    return isZip(start) || (start[0] === 0x80 && !isSafetensors(start));
  });
}

/**
 * Whether nine bytes begin a safetensors file: a length below 2^32 and `{`. The length of its header may begin with
 * the byte that begins a pickle.
 */
function isSafetensors(start: Uint8Array): boolean {
  return start[8] === 0x7b && start.subarray(4, 8).every((byte) => byte === 0);
}

/**
 * Opens the state dict of a network: what `torch.save` wrote (the dict itself, or its entry `state_dict` or
 * `model`), or safetensors. Numbers are read when asked for.
 * @throws the error of `options`, in one sentence, for a damaged file and one without tensors; code `IO`
 */
export async function openStateDict(path: string, options: ReadOptions = {}): Promise<StateDict> {
  if (await isTorchSave(path, options)) return await fromTorchSave(path, options);
  const fail = refuser(path, options);
  const file = await readSafetensorsHeader(path, options);
  const tensors = new Map<string, StateTensor>();
  for (const [name, { dtype, shape }] of file.tensors) {
    const read = async () => {
      if (!isElementType(dtype))
        return fail(`its \`${name}\` is of type ${dtype}, which florigen does not read`);
      return decodeFloats((await readTensor(file, name)) as Uint8Array<ArrayBuffer>, dtype);
    };
    tensors.set(name, { shape, type: dtype, read });
  }
  return { layout: 'a state dict in safetensors', tensors };
}

async function fromTorchSave(path: string, options: ReadOptions): Promise<StateDict> {
  const file = await openTorchSave(path, options);
  const found = stateDictOf(file.root) ?? refuser(path, options)('it holds no dict of tensors');
  const tensors = new Map<string, StateTensor>();
  for (const [name, tensor] of found)
    tensors.set(name, {
      shape: tensor.sizes,
      type: tensor.storage.type,
      read: () => readTorchTensor(file, tensor),
    });
  const layout = file.layout === 'zip' ? 'torch.save' : 'torch.save before PyTorch 1.6';
  return { layout: `a PyTorch state dict (${layout})`, tensors };
}

function isElementType(dtype: string): dtype is ElementType {
  return Object.hasOwn(elementBytes, dtype);
}
