import type { FlorigenAddon } from '../native/addon';
import { type Features, readView } from './features';
import { type TrainedNetwork, withProjection } from './trained-network';

/** Images that the covariance is taken over, evenly chosen among the trained ones. */
const imageCount = 4096;

/**
 * The network with a projection so turned that two captions are as far apart as they rank the trained images
 * differently.
 *
 * Training knows of an embedding `e` only the scores `f · e` of features `f`. Two captions score images differently by
 * `(f - mean) · (a - b)`, the mean square of which is `(a - b)ᵀ C (a - b)`, with C the covariance of the features: a
 * distance of its own, and the usual one between `C^½ a` and `C^½ b`. What lies in directions in which images hardly
 * differ ranks nothing, so training leaves there what it began with, and most of a fresh embedding is that.
 */
export async function measuredByRanking(
  network: TrainedNetwork,
  { features, images }: { features: Features; images: ArrayLike<number> },
  addon: FlorigenAddon,
): Promise<TrainedNetwork> {
  const count = Math.min(imageCount, images.length);
  const some = Array.from({ length: count }, (_, i) => images[Math.floor((i * images.length) / count)]!);
  const { data, width } = await readView(features, some, 0);
  const root = await addon.covarianceRoot(data, width);
  return withProjection(network, (values) => product(root, values, width));
}

/** A square matrix of `size` rows times a matrix of as many rows. */
function product(square: Float32Array, values: Float32Array, size: number): Float32Array {
  const width = values.length / size;
  const result = new Float32Array(values.length);
  for (let i = 0; i < size; i++) {
    const sum = new Float64Array(width);
    for (let k = 0; k < size; k++) {
      const factor = square[i * size + k]!;
      const row = k * width;
      for (let j = 0; j < width; j++) sum[j]! += factor * values[row + j]!;
    }
    result.set(sum, i * width);
  }
  return result;
}
