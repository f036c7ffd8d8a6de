import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { FlorigenError, mustBe, UsageError } from '../errors';
import type { TextEmbeddings, TextEncoder } from './text-encoder';

/** Options of {@link HashedNgramEncoder}. */
export interface HashedNgramOptions {
  /** Width of the embedding. */
  size: number;
  /** Longest n-gram, in words: single words alone cannot tell red petals round a yellow center from the reverse. */
  maxOrder: number;
  /**
   * Length of an embedding that is not zero. The default, the root of `size`, gives its entries a mean square of 1,
   * which is what the text projection's initial weights U(-1/sqrt(size), 1/sqrt(size)) are made for.
   */
  scale: number;
}

export const hashedNgramDefaults: Readonly<HashedNgramOptions> = Object.freeze({
  size: 1024,
  maxOrder: 3,
  scale: 32,
});

/** Changes whenever the same text would give other numbers. */
const ALGORITHM = 'florigen.hashed-ngrams/1';
const TEXTS_PER_TURN = 512;
const wordPattern = /[\p{L}\p{N}]+/gu;

/** Lower-case words of a text in NFC: runs of letters and digits of any script. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFC').toLowerCase().match(wordPattern) ?? [];
}

/** FNV-1a over the UTF-16 code units of a word. */
function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return hash >>> 0;
}

/** MurmurHash3's finalizer: every input bit moves every output bit, so index and sign may come from one word. */
function finalize(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Signed hashed word n-grams (feature hashing, Weinberger et al. 2009): each n-gram of 1 to `maxOrder` words adds
 * +1 or -1 to one entry, and the sum is scaled to length `scale`. Needs no training and no vocabulary. A text
 * without a letter or digit gives zeros.
 */
export class HashedNgramEncoder implements TextEncoder {
  readonly id = 'hashed-ngrams';
  readonly fingerprint: string;
  readonly options: Readonly<Record<keyof HashedNgramOptions, number>>;
  readonly sizes: { readonly sentence: number };
  readonly #wordHashes = new Map<string, number>();

  constructor(options: Partial<HashedNgramOptions> = {}) {
    const all = { ...hashedNgramDefaults, ...options };
    if (!Number.isInteger(all.size) || all.size < 1)
      throw new UsageError(mustBe('textEncoder.options.size', 'a positive integer', all.size));
    if (!Number.isInteger(all.maxOrder) || all.maxOrder < 1 || all.maxOrder > 8)
      throw new UsageError(mustBe('textEncoder.options.maxOrder', 'an integer from 1 to 8', all.maxOrder));
    if (!Number.isFinite(all.scale) || all.scale <= 0)
      throw new UsageError(mustBe('textEncoder.options.scale', 'a positive number', all.scale));
    this.options = Object.freeze({ size: all.size, maxOrder: all.maxOrder, scale: all.scale });
    this.sizes = Object.freeze({ sentence: all.size });
    this.fingerprint = createHash('sha256')
      .update(JSON.stringify([ALGORITHM, all.size, all.maxOrder, all.scale]))
      .digest('hex');
  }

  async encode(texts: readonly string[], { signal }: { signal?: AbortSignal } = {}): Promise<TextEmbeddings> {
    const { size } = this.options;
    const data = new Float32Array(texts.length * size);
    for (let i = 0; i < texts.length; i++) {
      if (i % TEXTS_PER_TURN === 0) await setImmediate();
      if (signal?.aborted) throw new FlorigenError('ABORTED', 'The encoding of captions was stopped.');
      this.#encodeInto(data.subarray(i * size, (i + 1) * size), texts[i]!);
    }
    return { sentence: { data, shape: [texts.length, size] } };
  }

  #encodeInto(row: Float32Array, text: string): void {
    const { size, maxOrder, scale } = this.options;
    const words = wordsOf(text).map((word) => this.#hashOf(word));
    for (let first = 0; first < words.length; first++) {
      let chain = 0;
      for (let order = 1; order <= maxOrder && first + order <= words.length; order++) {
        chain = Math.imul(chain ^ words[first + order - 1]!, 0x9e3779b1) + order;
        const hash = finalize(chain);
        // the sign is the lowest bit, the place comes from the rest
        row[(hash >>> 1) % size]! += hash & 1 ? 1 : -1;
      }
    }
    let squares = 0;
    for (const value of row) squares += value * value;
    if (squares === 0) return;
    const factor = scale / Math.sqrt(squares);
    for (let k = 0; k < size; k++) row[k]! *= factor;
  }

  #hashOf(word: string): number {
    const known = this.#wordHashes.get(word);
    if (known !== undefined) return known;
    const hash = hashWord(word);
    // The words of a data set are few; those of strangers' prompts need not be.
    if (this.#wordHashes.size < 100_000) this.#wordHashes.set(word, hash);
    return hash;
  }
}
