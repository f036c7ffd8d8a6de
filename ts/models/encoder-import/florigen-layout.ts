import { mustBe, UsageError } from '../../errors';
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

/**
 * The options with which florigen makes the same encoder.
 * @param lowerCase read characters as the PyTorch port does
 * @throws UsageError with `lowerCase` for an encoder of words
 */
export function encoderOptions(
  { architecture, sizes, vocabulary }: FoundEncoder,
  lowerCase: boolean,
): Record<string, unknown> {
  const common = { convolutionSize: sizes.recurrenceSize, embeddingSize: sizes.embeddingSize };
  if (lowerCase && architecture.id === 'word-cnn-rnn')
    throw new UsageError(mustBe('lowerCase', 'false with word-cnn-rnn, whose words are folded', true));
  if (architecture.id === 'word-cnn-rnn')
    return { ...common, length: 30, vocabulary: withSpareChannels(vocabulary!, sizes.vocabularySize) };
  return { ...common, length: 201, lowerCase };
}

/** The authors' networks have a channel more than words: it stays, as that of a word that no text has. */
function withSpareChannels(words: readonly string[], channels: number): string[] {
  return [...words, ...Array<string>(channels - words.length).fill('')];
}
