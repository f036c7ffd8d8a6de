import type { ElementType } from '../float-decoding';

const elementTypes: Readonly<Record<string, ElementType>> = {
  Byte: 'U8',
  Char: 'I8',
  Short: 'I16',
  Int: 'I32',
  Long: 'I64',
  Half: 'F16',
  Float: 'F32',
  Double: 'F64',
};

/** How the content of a torch object is laid out. */
export type T7Layout =
  | { kind: 'tensor' | 'storage'; type: ElementType }
  | { kind: 'vec' | 'hash' }
  /** Everything else writes one table of fields. */
  | { kind: 'fields' };

/** The layout of a class. `torch.CudaX` is written as `torch.X`, and `torch.CudaTensor` holds float32. */
export function layoutOf(className: string): T7Layout {
  const match = /^torch\.(Cuda)?([A-Z][a-z]+?)?(Tensor|Storage)$/.exec(className);
  if (match !== null) {
    const [, cuda, element, kind] = match;
    const type = element !== undefined ? elementTypes[element] : cuda !== undefined ? 'F32' : undefined;
    if (type !== undefined) return { kind: kind === 'Tensor' ? 'tensor' : 'storage', type };
  }
  // `tds_hash` and `tds_vec` are their names in old files.
  if (className === 'tds.Vec' || className === 'tds_vec') return { kind: 'vec' };
  if (className === 'tds.Hash' || className === 'tds_hash') return { kind: 'hash' };
  return { kind: 'fields' };
}
