import { PhiloxStream, PURPOSE } from '../../../ts/data/philox';

const seed = 20;

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
  const stream = new PhiloxStream(seed, PURPOSE.initialWeights, { pass: fnv1a(name) });
  const values = new Float32Array(count);
  const scale = shape.length > 1 ? Math.sqrt((2 * shape[0]!) / count) : 0.1;
  const mean = name.endsWith('bn.weight') ? 1 : 0;
  if (name.endsWith('running_var')) for (let i = 0; i < count; i++) values[i] = 1 + 0.5 * stream.uniform();
  else for (let i = 0; i < count; i++) values[i] = mean + scale * stream.normal();
  return new Uint8Array(values.buffer);
}
