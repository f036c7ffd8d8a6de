import { mustBe, UsageError } from '../errors';
import type { NativeTextNetworkOptions } from '../native/addon';

/** A trained text network: what it reads, and the options of its file with their defaults. */
export interface TextArchitecture {
  /** One sentence for people. */
  doc: string;
  tokens: 'characters' | 'words';
  defaults: Readonly<Record<string, unknown>>;
}

const characters = { convolutionSize: 256, embeddingSize: 1024, length: 201, lowerCase: false };

/** Every trained text network, by id. */
export const textArchitectures = {
  'char-cnn-rnn': {
    doc: 'The character network of Reed et al. 2016 (HybridCNN.lua), trained; flowers and birds.',
    tokens: 'characters',
    defaults: characters,
  },
  'char-cnn-gru': {
    doc: 'Its long variant with a gated recurrence (HybridCNNLong.lua), trained; birds and COCO.',
    tokens: 'characters',
    defaults: { ...characters, convolutionSize: 512 },
  },
  'word-cnn-rnn': {
    doc: 'The word network of Reed et al. 2016 (HybridCNNWord.lua), trained.',
    tokens: 'words',
    defaults: { convolutionSize: 512, embeddingSize: 1024, length: 30, vocabulary: [] },
  },
  'bag-of-words': {
    doc: 'A trained linear layer on counts of words: the baseline of Reed et al. 2016.',
    tokens: 'words',
    defaults: { convolutionSize: 1, embeddingSize: 1024, length: 64, vocabulary: [] },
  },
} as const satisfies Record<NativeTextNetworkOptions['architecture'], TextArchitecture>;

export type TextArchitectureId = keyof typeof textArchitectures;
export const textArchitectureIds = Object.keys(textArchitectures) as [
  TextArchitectureId,
  ...TextArchitectureId[],
];

/** The sizes of a network from an encoder's options. @throws UsageError for one that is no positive integer */
export function textNetworkSizes(
  options: Readonly<Record<string, unknown>>,
): Pick<NativeTextNetworkOptions, 'convolutionSize' | 'embeddingSize' | 'length'> {
  const size = (name: string) => {
    const value = options[name];
    if (!(typeof value === 'number' && Number.isInteger(value) && value > 0))
      throw new UsageError(mustBe(`textEncoder.options.${name}`, 'a positive integer', value));
    return value;
  };
  return {
    convolutionSize: size('convolutionSize'),
    embeddingSize: size('embeddingSize'),
    length: size('length'),
  };
}
