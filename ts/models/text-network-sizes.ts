import type { NativeTextNetworkOptions } from '../native/addon';
import type { NetworkSize } from './network-sizes';

/** What the size of a text network depends on. */
export type TextNetworkDescription = Pick<
  NativeTextNetworkOptions,
  'architecture' | 'vocabularySize' | 'length' | 'convolutionSize' | 'embeddingSize'
>;

/** A convolution over time, and columns of the window of the pool behind it and between windows; 0 for no pool. */
interface Stage {
  /** Null: `convolutionSize`. */
  channels: number | null;
  kernel: number;
  pool: number;
  stride: number;
}

const stage = (channels: number | null, kernel: number, pool = 0, stride = 0): Stage => ({
  channels,
  kernel,
  pool,
  stride,
});

/** As in `native/networks/text/architectures.cc`; a test compares the counts with the addon's manifest. */
const architectures: Record<TextNetworkDescription['architecture'], { stages: Stage[]; gates: number }> = {
  'char-cnn-rnn': { stages: [stage(384, 4, 3, 3), stage(512, 4, 3, 3), stage(null, 4, 3, 2)], gates: 1 },
  'char-cnn-gru': { stages: [stage(384, 4, 3, 3), stage(512, 4, 3, 3), stage(null, 4)], gates: 3 },
  'word-cnn-rnn': { stages: [stage(512, 3), stage(512, 2, 3, 3), stage(null, 2)], gates: 1 },
  'bag-of-words': { stages: [], gates: 0 },
};

/** Trained numbers of a text network, and numbers that one text leaves behind for the backward pass. */
export function textNetworkSize(network: TextNetworkDescription): NetworkSize {
  const { stages, gates } = architectures[network.architecture];
  let width = network.vocabularySize;
  let columns = network.length;
  let parameters = 0;
  let outputsPerRow = width * columns;
  for (const { channels, kernel, pool, stride } of stages) {
    const out = channels ?? network.convolutionSize;
    parameters += width * out * kernel + out;
    columns -= kernel - 1;
    outputsPerRow += out * columns;
    if (pool > 0) {
      columns = Math.floor((columns - pool) / stride) + 1;
      outputsPerRow += out * columns;
    }
    width = out;
  }
  // Of each gate a layer on the input and one on the state before.
  parameters += gates * 2 * (width * width + width);
  outputsPerRow += gates * 2 * width * columns;
  parameters += width * network.embeddingSize + network.embeddingSize;
  return { parameters, outputsPerRow: outputsPerRow + network.embeddingSize };
}
