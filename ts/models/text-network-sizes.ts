import { elementCount } from '../formats/strided';
import type { NativeTextNetworkOptions } from '../native/addon';
import type { NetworkSize } from './network-sizes';

/** The linear layers of each recurrence; every name stands for a weight and a bias. */
export const recurrences = {
  /** h_1 = relu(i2h x_1), h_t = relu(i2h x_t + h2h h_(t-1)): FixedRNN.lua. */
  rnn: ['i2h', 'h2h'],
  /** h_1 = tanh(i2h x_1); later steps have an update and a reset gate: FixedGRU.lua. */
  gru: ['i2h', 'h2h', 'i2h_update', 'h2h_update', 'i2h_reset', 'h2h_reset'],
} as const;

export type RecurrenceKind = keyof typeof recurrences;

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

/** Layers of a text network before its projection. */
interface Layers {
  stages: Stage[];
  recurrence: RecurrenceKind | null;
}

/** As in `native/networks/text/architectures.cc`; a test compares names and shapes with the addon's manifest. */
const architectures: Record<TextNetworkDescription['architecture'], Layers> = {
  'char-cnn-rnn': {
    stages: [stage(384, 4, 3, 3), stage(512, 4, 3, 3), stage(null, 4, 3, 2)],
    recurrence: 'rnn',
  },
  'char-cnn-gru': { stages: [stage(384, 4, 3, 3), stage(512, 4, 3, 3), stage(null, 4)], recurrence: 'gru' },
  'word-cnn-rnn': { stages: [stage(512, 3), stage(512, 2, 3, 3), stage(null, 2)], recurrence: 'rnn' },
  'bag-of-words': { stages: [], recurrence: null },
};

/** Linear layers of a recurrence, each [width, width]. */
const recurrentLayers = ({ recurrence }: Layers): readonly string[] =>
  recurrence === null ? [] : recurrences[recurrence];

/** Names and shapes of all tensors of a text network, as its file has them: those of the published PyTorch port. */
export function textNetworkTensors(
  network: Omit<TextNetworkDescription, 'length'>,
): { name: string; shape: number[] }[] {
  const layers = architectures[network.architecture];
  const layer = (name: string, shape: number[]) => [
    { name: `${name}.weight`, shape },
    { name: `${name}.bias`, shape: [shape[0]!] },
  ];
  let width = network.vocabularySize;
  const convolutions = layers.stages.flatMap(({ channels, kernel }, i) => {
    const inputs = width;
    width = channels ?? network.convolutionSize;
    return layer(`conv${i + 1}`, [width, inputs, kernel]);
  });
  const recurrent = recurrentLayers(layers).flatMap((name) => layer(`rnn.${name}`, [width, width]));
  return [...convolutions, ...recurrent, ...layer('emb_proj', [network.embeddingSize, width])];
}

/** Steps of the recurrence over a text; below 1 where it is too short for the convolutions. */
export function recurrentSteps(architecture: TextNetworkDescription['architecture'], length: number): number {
  return architectures[architecture].stages.reduce(columnsBehind, length);
}

function columnsBehind(columns: number, { kernel, pool, stride }: Stage): number {
  const convolved = columns - (kernel - 1);
  return pool > 0 ? Math.floor((convolved - pool) / stride) + 1 : convolved;
}

/** Trained numbers of a text network, and numbers that one text leaves behind for the backward pass. */
export function textNetworkSize(network: TextNetworkDescription): NetworkSize {
  const layers = architectures[network.architecture];
  let width = network.vocabularySize;
  let columns = network.length;
  let outputsPerRow = width * columns;
  for (const one of layers.stages) {
    const out = one.channels ?? network.convolutionSize;
    outputsPerRow += out * (columns - (one.kernel - 1));
    columns = columnsBehind(columns, one);
    if (one.pool > 0) outputsPerRow += out * columns;
    width = out;
  }
  outputsPerRow += recurrentLayers(layers).length * width * columns + network.embeddingSize;
  const parameters = textNetworkTensors(network).reduce(
    (sum, { shape }) => sum + elementCount({ sizes: shape }),
    0,
  );
  return { parameters, outputsPerRow };
}
