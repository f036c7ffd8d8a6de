import type { PlanSource } from './plan-source';
import { wordsIn } from './word-vocabulary';

/** The words of all captions as numbers, each once a caption. */
export interface CaptionWords {
  /** [captions + 1]: the words of caption `c` are `word[start[c]] .. word[start[c + 1] - 1]`. */
  start: Int32Array;
  word: Int32Array;
  /** By word: ln(captions / captions that have it), squared. */
  weight: Float64Array;
}

/** Numbers the words of captions and weighs them by how rare they are. */
export function captionWords(captions: readonly string[]): CaptionWords {
  const places = new Map<string, number>();
  const counts: number[] = [];
  const word: number[] = [];
  const start = new Int32Array(captions.length + 1);
  captions.forEach((text, caption) => {
    for (const name of new Set(wordsIn(text))) {
      const place = places.get(name) ?? places.size;
      places.set(name, place);
      counts[place] = (counts[place] ?? 0) + 1;
      word.push(place);
    }
    start[caption + 1] = word.length;
  });
  const weight = Float64Array.from(counts, (count) => Math.log(captions.length / count) ** 2);
  return { start, word: Int32Array.from(word), weight };
}

/** How near captions are to some given ones: the cosine between their sets of words (docs/step.md, section 14). */
export class Nearness {
  readonly #words: CaptionWords;
  readonly #own: ReadonlySet<number>;
  readonly #length: number;

  constructor(words: CaptionWords, captions: readonly number[]) {
    this.#words = words;
    this.#own = this.#wordsOf(captions);
    this.#length = this.#lengthOf(this.#own);
  }

  /** From 0 for no word in common to 1 for the same words; 0 where either has no word that tells anything. */
  to(captions: readonly number[]): number {
    const others = this.#wordsOf(captions);
    let shared = 0;
    for (const word of others) if (this.#own.has(word)) shared += this.#words.weight[word]!;
    return shared === 0 ? 0 : shared / (this.#length * this.#lengthOf(others));
  }

  #wordsOf(captions: readonly number[]): Set<number> {
    const { start, word } = this.#words;
    return new Set(captions.flatMap((c) => [...word.subarray(start[c]!, start[c + 1]!)]));
  }

  #lengthOf(words: ReadonlySet<number>): number {
    let sum = 0;
    for (const word of words) sum += this.#words.weight[word]!;
    return Math.sqrt(sum);
  }
}

/** An image that a row may show, with the captions that it would have there. */
export interface Candidate {
  image: number;
  captions: readonly number[];
}

/** The candidate nearest to `first`, the first of equal ones; those of its class where there is no other. */
export function nearest<T extends Candidate>(
  first: Candidate,
  candidates: readonly T[],
  { classOf, words }: Pick<PlanSource, 'classOf' | 'words'>,
): T {
  const nearness = new Nearness(words!, first.captions);
  const ownClass = classOf[first.image]!;
  const score = ({ image, captions }: T) =>
    image === first.image || (ownClass !== -1 && classOf[image] === ownClass) ? -1 : nearness.to(captions);
  let best = candidates[0]!;
  let highest = score(best);
  for (const candidate of candidates.slice(1)) {
    const value = score(candidate);
    if (value > highest) [best, highest] = [candidate, value];
  }
  return best;
}
