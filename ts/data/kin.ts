import type { CaptionWords } from './caption-words';
import type { PlanSource } from './plan-source';

/** An image that a row may show, with the captions that it would have there. */
export interface Candidate {
  image: number;
  captions: readonly number[];
}

/** The first row of a group, and how near others are to it (docs/step.md, section 14). */
export class Kin {
  readonly #first: Candidate;
  readonly #classOf: Int32Array;
  readonly #words: CaptionWords;
  readonly #own: ReadonlySet<number>;
  readonly #length: number;

  /** @param source one with words */
  constructor(first: Candidate, { classOf, words }: Pick<PlanSource, 'classOf' | 'words'>) {
    this.#first = first;
    this.#classOf = classOf;
    this.#words = words!;
    this.#own = new Set(this.#wordsOf(first.captions));
    this.#length = Math.sqrt(this.#weigh(this.#own));
  }

  /** The candidate with the nearest captions, the first of equal ones; one of the class of the first row where all are. */
  nearest<T extends Candidate>(candidates: readonly T[]): T {
    let best = candidates[0]!;
    let highest = -1;
    for (const candidate of candidates) {
      if (this.#isOfItsClass(candidate.image)) continue;
      const value = this.nearness(candidate.captions);
      if (value > highest) [best, highest] = [candidate, value];
    }
    return best;
  }

  /**
   * The cosine between the two sets of words: 0 for no word in common, 1 for the same ones; 0 where either has no word
   * that tells anything.
   */
  nearness(captions: readonly number[]): number {
    const words = this.#wordsOf(captions);
    let shared = 0;
    for (const word of words) if (this.#own.has(word)) shared += this.#words.weight[word]!;
    return shared === 0 ? 0 : shared / (this.#length * Math.sqrt(this.#weigh(words)));
  }

  #isOfItsClass(image: number): boolean {
    const own = this.#classOf[this.#first.image]!;
    return image === this.#first.image || (own !== -1 && this.#classOf[image] === own);
  }

  /** The words of captions, each once. */
  #wordsOf(captions: readonly number[]): Iterable<number> {
    const { start, word } = this.#words;
    const lists = captions.map((c) => word.subarray(start[c]!, start[c + 1]!));
    return lists.length === 1 ? lists[0]! : new Set(lists.flatMap((list) => [...list]));
  }

  #weigh(words: Iterable<number>): number {
    let sum = 0;
    for (const word of words) sum += this.#words.weight[word]!;
    return sum;
  }
}
