import { DataError } from '../errors';

const wordPattern = /[\p{L}\p{N}]+/gu;

/** Words of a text in NFC and lower case: runs of letters and digits. */
export function wordsIn(text: string): string[] {
  return text.normalize('NFC').toLowerCase().match(wordPattern) ?? [];
}

/**
 * The words of texts, most frequent first, equally frequent ones by code unit.
 * @param limit keep that many; 0 for all
 * @throws DataError where no text has a word
 */
export function buildVocabulary(texts: Iterable<string>, limit = 0): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of wordsIn(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  if (counts.size === 0) throw new DataError('The captions must hold words, but hold no letter or digit.');
  const words = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([word]) => word);
  return limit > 0 ? words.slice(0, limit) : words;
}

/** Words as tokens: the place in a list of words, from 1; one that is not in the list is left out as 0. */
export class WordVocabulary {
  readonly words: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(words: readonly string[]) {
    this.words = words;
    this.#places = new Map(words.map((word, i) => [word, i + 1]));
  }

  /** Writes the tokens of a text into a row of zeros, Int32 [length]. */
  writeTokens(row: Int32Array, text: string): void {
    wordsIn(text)
      .slice(0, row.length)
      .forEach((word, i) => {
        row[i] = this.#places.get(word) ?? 0;
      });
  }
}
