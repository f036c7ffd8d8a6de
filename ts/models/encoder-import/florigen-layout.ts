import type { FoundEncoder } from './found-encoder';

/** Layers of the PyTorch port and what florigen calls them; each has a `weight` and a `bias` on both sides. */
const layerNames: Readonly<Record<string, string>> = {
  conv1: 'conv1',
  conv2: 'conv2',
  conv3: 'conv3',
  'rnn.i2h': 'rnn.i2h',
  'rnn.h2h': 'rnn.h2h',
  'rnn.i2h_update': 'rnn.i2h_update',
  'rnn.h2h_update': 'rnn.h2h_update',
  'rnn.i2h_reset': 'rnn.i2h_reset',
  'rnn.h2h_reset': 'rnn.h2h_reset',
  emb_proj: 'emb_proj',
};

/** florigen's name of a part such as `conv1.weight`. */
export function tensorName(part: string): string {
  const at = part.lastIndexOf('.');
  return layerNames[part.slice(0, at)]! + part.slice(at);
}

/** The options with which florigen makes the same encoder. */
export function encoderOptions({ architecture, sizes, vocabulary }: FoundEncoder): Record<string, unknown> {
  const common = { convolutionSize: sizes.recurrenceSize, embeddingSize: sizes.embeddingSize };
  if (architecture.id === 'word-cnn-rnn') return { ...common, length: 30, vocabulary };
  return { ...common, length: 201, lowerCase: false };
}
