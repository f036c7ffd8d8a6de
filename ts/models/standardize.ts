import type { Dataset } from '../data/dataset';
import { planSource, trainingCaptions, trainingImages } from '../data/plan-source';
import type { FlorigenAddon } from '../native/addon';
import { TrainedTextEncoder } from './trained-encoder';
import { type TrainedNetwork, withProjection } from './trained-network';

/** Captions that the deviation is taken over, evenly chosen among those of the trained images. */
const captionCount = 2048;

/**
 * The network with a projection so scaled that the embeddings of trained captions deviate from their mean by 1 a
 * number, as those of n-grams do. A factor changes no ranking, so that whatever is measured of the encoder stays; but a
 * generator's text weights begin as wide as its noise's, and would hear little of embeddings a thirtieth as wide.
 */
export async function standardized(
  network: TrainedNetwork,
  dataset: Dataset,
  addon: FlorigenAddon,
): Promise<TrainedNetwork> {
  const encoder = await TrainedTextEncoder.create(network.id, network.options, network.weights, addon);
  try {
    const { sentence } = await encoder.encode(someCaptions(dataset));
    const factor = 1 / deviation(sentence.data, sentence.shape[1]);
    return Number.isFinite(factor)
      ? withProjection(network, (values) => values.map((value) => value * factor))
      : network;
  } finally {
    await encoder.dispose();
  }
}

function someCaptions(dataset: Dataset): string[] {
  const source = planSource(dataset, Math.max(...dataset.sizes));
  const captions = [...trainingImages(source, 'training').images].flatMap((image) => [
    ...trainingCaptions(source, image),
  ]);
  const every = Math.max(1, captions.length / captionCount);
  const count = Math.min(captions.length, captionCount);
  return Array.from({ length: count }, (_, i) => dataset.caption(captions[Math.floor(i * every)]!).text);
}

/** Root of the mean square of all numbers, each less the mean of its column. */
function deviation(rows: Float32Array, width: number): number {
  const mean = new Float64Array(width);
  const count = rows.length / width;
  for (let i = 0; i < rows.length; i++) mean[i % width]! += rows[i]! / count;
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += (rows[i]! - mean[i % width]!) ** 2;
  return Math.sqrt(sum / rows.length);
}
