import type { RecurrenceKind } from './recurrence';

/** One of the authors' text encoders, as a file is compared with it (HybridCNN.lua and its relatives). */
export interface EncoderArchitecture {
  id: 'char-cnn-rnn' | 'char-cnn-gru' | 'word-cnn-rnn';
  /** The layers before the recurrence: convolutions with their kernel, pools with width and stride. */
  layers: string;
  /** Channels after the first two convolutions; after the third they are the width of the recurrence. */
  channels: readonly [number, number];
  /** Sizes of the kernels. */
  kernels: readonly [number, number, number];
  recurrence: RecurrenceKind;
  steps: number;
}

/** Every text encoder that can be imported. */
export const encoderArchitectures: readonly EncoderArchitecture[] = [
  {
    id: 'char-cnn-rnn',
    layers: 'conv4 threshold pool3/3 conv4 threshold pool3/3 conv4 threshold pool3/2',
    channels: [384, 512],
    kernels: [4, 4, 4],
    recurrence: 'rnn',
    steps: 8,
  },
  {
    id: 'char-cnn-gru',
    layers: 'conv4 threshold pool3/3 conv4 threshold pool3/3 conv4 threshold',
    channels: [384, 512],
    kernels: [4, 4, 4],
    recurrence: 'gru',
    steps: 18,
  },
  {
    id: 'word-cnn-rnn',
    layers: 'conv3 threshold conv2 threshold pool3/3 conv2 threshold',
    channels: [512, 512],
    kernels: [3, 2, 2],
    recurrence: 'rnn',
    steps: 8,
  },
];
