import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { alphabetSize, characterLength, writeCharacterTokens } from '../data/alphabet';
import { WordVocabulary } from '../data/word-vocabulary';
import { FlorigenError, mustBe, UsageError } from '../errors';

const textsPerTurn = 1024;

/** Texts to rows of tokens, as one kind of text network reads them. */
export interface Tokenizer {
  /** SHA-256 (hex) of everything that the tokens depend on. */
  readonly fingerprint: string;
  /** Tokens are 1 to this; 0 is padding. */
  readonly vocabularySize: number;
  readonly length: number;
  /** Writes a text into a row of zeros, Int32 [length]. */
  write(row: Int32Array, text: string): void;
}

/** Options of an encoder that its tokens depend on. */
export interface TokenizerOptions {
  length?: number;
  lowerCase?: boolean;
  vocabulary?: readonly string[];
}

/** @throws UsageError for a wrong option */
export function createTokenizer(kind: 'characters' | 'words', options: TokenizerOptions): Tokenizer {
  const length = options.length ?? characterLength;
  if (!Number.isInteger(length) || length < 1)
    throw new UsageError(mustBe('textEncoder.options.length', 'a positive integer', length));
  const hash = createHash('sha256').update(JSON.stringify(['florigen.tokens/1', kind, length]));
  if (kind === 'characters') {
    const lowerCase = options.lowerCase ?? false;
    return {
      fingerprint: hash.update(JSON.stringify(lowerCase && 'unknown is space')).digest('hex'),
      vocabularySize: alphabetSize,
      length,
      write: (row, text) => writeCharacterTokens(row, text, { length, lowerCase }),
    };
  }
  const words = options.vocabulary ?? [];
  if (words.length === 0 || words.some((word) => typeof word !== 'string'))
    throw new UsageError(mustBe('textEncoder.options.vocabulary', 'a list of words', JSON.stringify(words)));
  const vocabulary = new WordVocabulary(words);
  return {
    fingerprint: hash.update(JSON.stringify(words)).digest('hex'),
    vocabularySize: words.length,
    length,
    write: (row, text) => vocabulary.writeTokens(row, text),
  };
}

/** Tokens of texts, Int32 [texts, length], without blocking the event loop for long. @throws `ABORTED` */
export async function tokensOf(
  tokenizer: Tokenizer,
  texts: readonly string[],
  signal?: AbortSignal,
): Promise<Int32Array> {
  const { length } = tokenizer;
  const tokens = new Int32Array(texts.length * length);
  for (const [i, text] of texts.entries()) {
    if (i % textsPerTurn === textsPerTurn - 1) await setImmediate();
    if (signal?.aborted) throw new FlorigenError('ABORTED', 'The encoding of captions was stopped.');
    tokenizer.write(tokens.subarray(i * length, (i + 1) * length), text);
  }
  return tokens;
}
