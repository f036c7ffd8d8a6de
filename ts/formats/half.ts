import { halfToNumber } from './float-decoding';
import type { SafetensorsDtype } from './safetensors-dtypes';

/** The largest number of half precision. */
const largest = 65504;

const single = new DataView(new ArrayBuffer(4));

/** The bits of the nearest half-precision number (IEEE 754 binary16), ties to even; too large ones are infinite. */
export function numberToHalf(value: number): number {
  single.setFloat32(0, value);
  const bits = single.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(value) * 2 ** 24);
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** A tensor with its bytes. */
export interface FloatTensor {
  dtype: SafetensorsDtype;
  shape: readonly number[];
  bytes: Uint8Array;
}

/**
 * Matrices and kernels in half precision; vectors (biases, statistics), integers, and what half precision cannot hold
 * stay as they are.
 */
export function halved<Tensor extends FloatTensor>(tensor: Tensor): Tensor {
  if (tensor.dtype !== 'F32' || tensor.shape.length < 2) return tensor;
  const { buffer, byteOffset, byteLength } = tensor.bytes;
  const source = new DataView(buffer, byteOffset, byteLength);
  const bytes = new Uint8Array(byteLength / 2);
  const target = new DataView(bytes.buffer);
  for (let i = 0; i < byteLength / 4; i++) {
    const value = source.getFloat32(4 * i, true);
    if (!(Math.abs(value) <= largest)) return tensor;
    target.setUint16(2 * i, numberToHalf(value), true);
  }
  return { ...tensor, dtype: 'F16', bytes };
}

/** The float32 bytes that a reader makes of a tensor in half precision; others as they are. */
export function widened({ dtype, bytes }: Pick<FloatTensor, 'dtype' | 'bytes'>): Uint8Array {
  if (dtype !== 'F16') return bytes;
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new DataView(new ArrayBuffer(2 * bytes.byteLength));
  for (let i = 0; i < bytes.byteLength / 2; i++)
    values.setFloat32(4 * i, halfToNumber(source.getUint16(2 * i, true)), true);
  return new Uint8Array(values.buffer);
}
