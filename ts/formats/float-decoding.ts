/** Element types of tensors in files of Torch7 and PyTorch, by their names in safetensors. */
export type ElementType = 'BOOL' | 'U8' | 'I8' | 'I16' | 'I32' | 'I64' | 'F16' | 'BF16' | 'F32' | 'F64';

/** Bytes of one element. */
export const elementBytes: Readonly<Record<ElementType, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  I16: 2,
  I32: 4,
  I64: 8,
  F16: 2,
  BF16: 2,
  F32: 4,
  F64: 8,
};

/** A half-precision number (IEEE 754 binary16) from its bits; exact. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Little-endian elements of any type as float32 (F32 without a copy). Halves and bfloat16 are exact, F64 and integers past 2^24 are
 * rounded to the nearest.
 */
export function decodeFloats(bytes: Uint8Array<ArrayBuffer>, type: ElementType): Float32Array<ArrayBuffer> {
  if (type === 'F32' && bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.byteLength / elementBytes[type]);
  const read = readers[type];
  for (let i = 0; i < values.length; i++) values[i] = read(view, i);
  return values;
}

const bfloat16 = new DataView(new ArrayBuffer(4));

const readers: Record<ElementType, (view: DataView, index: number) => number> = {
  BOOL: (view, i) => view.getUint8(i),
  U8: (view, i) => view.getUint8(i),
  I8: (view, i) => view.getInt8(i),
  I16: (view, i) => view.getInt16(2 * i, true),
  I32: (view, i) => view.getInt32(4 * i, true),
  I64: (view, i) => Number(view.getBigInt64(8 * i, true)),
  F16: (view, i) => halfToNumber(view.getUint16(2 * i, true)),
  BF16: (view, i) => {
    bfloat16.setUint32(0, view.getUint16(2 * i, true) << 16);
    return bfloat16.getFloat32(0);
  },
  F32: (view, i) => view.getFloat32(4 * i, true),
  F64: (view, i) => view.getFloat64(8 * i, true),
};
