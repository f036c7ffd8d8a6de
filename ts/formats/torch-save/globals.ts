import { type ElementType, elementBytes } from '../float-decoding';
import { PickleGlobal, type PickleReading } from '../pickle/machine';
import { viewFault } from '../strided';
import { type TorchStorage, TorchTensor, type TorchValue } from './values';

type Global = PickleGlobal<TorchTensor | TorchStorage>;

const storageTypes: Readonly<Record<string, ElementType>> = {
  'torch.BoolStorage': 'BOOL',
  'torch.ByteStorage': 'U8',
  'torch.CharStorage': 'I8',
  'torch.ShortStorage': 'I16',
  'torch.IntStorage': 'I32',
  'torch.LongStorage': 'I64',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.FloatStorage': 'F32',
  'torch.DoubleStorage': 'F64',
};

/**
 * The names that a pickle of `torch.save` may use, and the only ones. Each is data: a dict, a view into a storage.
 * @param storages receives each storage that is mentioned, by its key
 */
export function torchReading(
  storages: Map<string, TorchStorage>,
  fail: (what: string) => never,
): PickleReading<TorchTensor | TorchStorage> {
  const globals = new Map<string, Global>();
  const define = (name: string, call?: (args: TorchValue[]) => TorchValue) =>
    globals.set(name, new PickleGlobal(name, call));
  for (const name of Object.keys(storageTypes)) define(name);
  define('collections.OrderedDict', orderedDict);
  define('torch.Size', ([sizes]) => sizes ?? []);
  define('torch._utils._rebuild_tensor', rebuildTensor);
  define('torch._utils._rebuild_tensor_v2', rebuildTensor);
  define('torch._utils._rebuild_parameter', ([tensor]) => tensor ?? fail('a parameter of it has no tensor'));
  return { global: (name) => globals.get(name), persistent, fail };

  /** ('storage', type, key, device, elements), in old files with a view at the end. */
  function persistent(id: TorchValue): TorchValue {
    const [kind, type, key, , elements, view] = Array.isArray(id) ? id : [];
    const name = type instanceof PickleGlobal ? storageTypes[type.name] : undefined;
    if (kind !== 'storage' || name === undefined || typeof key !== 'string' || !isSize(elements))
      return fail('it refers to something that is no storage of numbers');
    if (view !== undefined && view !== null)
      fail('it has a storage inside another, as files before 2017 had');
    if (elements * elementBytes[name] > Number.MAX_SAFE_INTEGER)
      fail('a storage of it is larger than any file');
    const storage = storages.get(key) ?? { key, type: name, elements };
    if (storage.type !== name || storage.elements !== elements)
      fail('it has a storage of two types or lengths');
    storages.set(key, storage);
    return storage;
  }

  /** (storage, offset, sizes, strides, ...): `_rebuild_tensor_v2` adds flags that matter to training alone. */
  function rebuildTensor([storage, offset, sizes, strides]: TorchValue[]): TorchValue {
    if (!isStorage(storage) || !isSize(offset) || !isSizes(sizes) || !isSizes(strides))
      return fail('a tensor of it has no storage, sizes or strides');
    if (sizes.length !== strides.length || sizes.length > 64)
      return fail('a tensor of it has no proper shape');
    // Copies: the file may append to a list that it has given away.
    const tensor = new TorchTensor(storage, [...sizes], [...strides], offset);
    const fault = sizes.includes(0) ? undefined : viewFault(tensor, storage.elements);
    return fault === undefined ? tensor : fail(`a tensor of it ${fault}`);
  }

  function orderedDict([pairs]: TorchValue[]): TorchValue {
    const map: TorchValue = new Map();
    for (const pair of Array.isArray(pairs) ? pairs : [])
      if (Array.isArray(pair) && pair.length === 2) map.set(pair[0]!, pair[1]!);
    return map;
  }
}

function isStorage(value: TorchValue | undefined): value is TorchStorage {
  return typeof value === 'object' && value !== null && 'key' in value;
}

function isSize(value: TorchValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isSizes(value: TorchValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isSize);
}
