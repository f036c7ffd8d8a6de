/** Bits of one element of each dtype of safetensors, in the order by which the reference writer sorts. */
export const dtypeBits = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

/** The dtype of a tensor in a safetensors file. */
export type SafetensorsDtype = keyof typeof dtypeBits;

/** True for the exact, case-sensitive name of a dtype. */
export function isDtype(name: string): name is SafetensorsDtype {
  return Object.hasOwn(dtypeBits, name);
}

/** Place of a dtype in the reference writer's order (it writes the highest first, so that all are aligned). */
export function dtypeRank(dtype: SafetensorsDtype): number {
  return Object.keys(dtypeBits).indexOf(dtype);
}

const maximumElements = 2n ** 63n - 1n;

/**
 * Bytes of a packed tensor, or the reason why there is no such tensor: LibTorch counts elements in an int64, and
 * types below eight bits must end on a whole byte.
 */
export function tensorBytes(dtype: SafetensorsDtype, shape: readonly number[]): number | string {
  let elements = 1n;
  for (const size of shape) {
    elements *= BigInt(size);
    if (elements > maximumElements) return 'its shape has more than 2^63 - 1 elements';
  }
  const bits = elements * BigInt(dtypeBits[dtype]);
  if (bits % 8n !== 0n) return `${elements} elements of ${dtype} do not end on a whole byte`;
  const bytes = bits / 8n;
  return bytes > BigInt(Number.MAX_SAFE_INTEGER) ? 'it is larger than any file' : Number(bytes);
}
