import { PhiloxStream, PURPOSE } from '../../../ts/data/philox';

const length = 65537;
const stream = new PhiloxStream(20, PURPOSE.initialWeights);
/** The table of normal numbers that serves all tensors. */
const table = Float64Array.from({ length }, () => stream.normal());

/** FNV-1a, 32 bits. */
function fnv1a(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

/** The values of a tensor of a feature network by its name alone, as `test/parity/oracle/feature_weights.py`, as bytes. */
export function featureWeight(name: string, shape: readonly number[]): Uint8Array {
  if (name.endsWith('num_batches_tracked')) return new Uint8Array(8);
  const count = shape.reduce((product, size) => product * size, 1);
  const start = fnv1a(name);
  const scale = shape.length > 1 ? Math.sqrt((2 * shape[0]!) / count) : 0.1;
  const mean = name.endsWith('bn.weight') ? 1 : 0;
  const ofVariance = name.endsWith('running_var');
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const number = table[(start + i) % length]!;
    values[i] = ofVariance ? 1 + 0.2 * Math.abs(number) : mean + scale * number;
  }
  return new Uint8Array(values.buffer);
}
