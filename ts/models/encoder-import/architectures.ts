import type { RecurrenceKind } from '../text-network-sizes';

/** One of the authors' text encoders, as a file is compared with it (HybridCNN.lua and its relatives). */
export interface EncoderArchitecture {
  id: 'char-cnn-rnn' | 'char-cnn-gru' | 'word-cnn-rnn';
  /** The layers before the recurrence: convolutions with their kernel, pools with width and stride. */
  layers: string;
  recurrence: RecurrenceKind;
  steps: number;
}

/** Every text encoder that can be imported. */
export const encoderArchitectures: readonly EncoderArchitecture[] = [
  {
    id: 'char-cnn-rnn',
    layers: 'conv4 threshold pool3/3 conv4 threshold pool3/3 conv4 threshold pool3/2',
    recurrence: 'rnn',
    steps: 8,
  },
  {
    id: 'char-cnn-gru',
    layers: 'conv4 threshold pool3/3 conv4 threshold pool3/3 conv4 threshold',
    recurrence: 'gru',
    steps: 18,
  },
  {
    id: 'word-cnn-rnn',
    layers: 'conv3 threshold conv2 threshold pool3/3 conv2 threshold',
    recurrence: 'rnn',
    steps: 8,
  },
];
