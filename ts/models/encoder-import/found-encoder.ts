import { textNetworkTensors } from '../text-network-sizes';
import type { EncoderArchitecture } from './architectures';

/** Sizes that the weights of a file imply. */
export interface EncoderSizes {
  /** Channels of the input: 70 characters, or the words of the vocabulary. */
  vocabularySize: number;
  /** Channels of the third convolution and width of the recurrence (`cnn_dim`). */
  recurrenceSize: number;
  embeddingSize: number;
}

/** One tensor of an encoder, as it was found. */
export interface FoundTensor {
  /** Which tensor of the architecture it is, as `conv1.weight`; see {@link expectedTensors}. */
  part: string;
  /** In PyTorch's layout: convolutions [out, in, kernel], linear layers [out, in]. */
  shape: number[];
  /** Type of the numbers in the file. */
  type: string;
  /** Where in the file it stands. */
  from: string;
  /** The numbers, row-major in `shape`, as float32. */
  read(): Promise<Float32Array>;
}

/** An encoder of somebody else's, recognized and measured, before its weights are read. */
export interface FoundEncoder {
  architecture: EncoderArchitecture;
  /** The kind of file and what part of it holds the encoder, for people. */
  layout: string;
  sizes: EncoderSizes;
  /** In the order of {@link expectedTensors}. */
  tensors: FoundTensor[];
  /** Words by their place, from 1; of encoders of words. */
  vocabulary?: string[];
  dropout: number;
  /** What the file says of its training. */
  training: Record<string, string | number | boolean>;
  /** What was not taken over, for people. */
  ignored: string[];
}

/** Names and shapes of all tensors of an architecture. The names are those of the published PyTorch port. */
export function expectedTensors(
  { id }: EncoderArchitecture,
  { vocabularySize, recurrenceSize, embeddingSize }: EncoderSizes,
): { part: string; shape: number[] }[] {
  const network = { architecture: id, vocabularySize, convolutionSize: recurrenceSize, embeddingSize };
  return textNetworkTensors(network).map(({ name, shape }) => ({ part: name, shape }));
}
