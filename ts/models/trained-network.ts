import type { TextArchitectureId } from './text-architectures';
import type { EncoderWeights } from './text-encoder';

const projection = /^emb_proj\./;

/** A network of text as a checkpoint of its training holds it. */
export interface TrainedNetwork {
  id: TextArchitectureId;
  options: Record<string, unknown>;
  weights: EncoderWeights;
}

/** A float32 tensor of an encoder. */
export interface TrainedWeight {
  name: string;
  dtype: 'F32';
  shape: readonly number[];
  bytes: Uint8Array;
}

/** All weights of a network. */
export async function trainedWeights({ weights }: TrainedNetwork): Promise<TrainedWeight[]> {
  const tensors: TrainedWeight[] = [];
  for (const name of weights.names)
    tensors.push({ name, dtype: 'F32', shape: weights.shape(name), bytes: await weights.read(name) });
  return tensors;
}

/**
 * The network with another last layer: `change` takes its weight [embedding size, width] and its bias [embedding size, 1],
 * row-major.
 */
export function withProjection(
  network: TrainedNetwork,
  change: (values: Float32Array) => Float32Array,
): TrainedNetwork {
  const { weights } = network;
  const read = async (name: string) => {
    const bytes = await weights.read(name);
    if (!projection.test(name)) return bytes;
    const { buffer, byteLength } = change(new Float32Array(bytes.slice().buffer));
    return new Uint8Array(buffer, 0, byteLength);
  };
  return { ...network, weights: { ...weights, read } };
}
