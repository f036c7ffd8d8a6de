import type { ElementType } from '../float-decoding';
import type { PickleValue } from '../pickle/machine';
import type { StridedView } from '../strided';

/** Numbers of a file of `torch.save`, which several tensors may share. */
export interface TorchStorage {
  key: string;
  type: ElementType;
  elements: number;
}

/** A view into a storage; its numbers are read when asked for. */
export class TorchTensor implements StridedView {
  constructor(
    readonly storage: TorchStorage,
    readonly sizes: readonly number[],
    readonly strides: readonly number[],
    readonly offset: number,
  ) {}
}

/** Anything that such a file holds. */
export type TorchValue = PickleValue<TorchTensor | TorchStorage>;

/**
 * The tensors of a state dict, by name: those of the dict itself, or of its entry `state_dict` or `model`.
 * `undefined` where there is none.
 */
export function stateDictOf(root: TorchValue): Map<string, TorchTensor> | undefined {
  if (!(root instanceof Map)) return undefined;
  // No deeper than this: a dict may hold itself.
  const inner = root.get('state_dict') ?? root.get('model') ?? null;
  return [root, inner].map(tensorsIn).find(({ size }) => size > 0);
}

function tensorsIn(value: TorchValue): Map<string, TorchTensor> {
  const tensors = new Map<string, TorchTensor>();
  for (const [name, tensor] of value instanceof Map ? value : [])
    if (typeof name === 'string' && tensor instanceof TorchTensor) tensors.set(name, tensor);
  return tensors;
}
