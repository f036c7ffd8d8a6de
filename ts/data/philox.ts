/**
 * Philox4x32-10, the only source of random numbers in florigen (docs/step.md, section 7). Salmon et al. 2011,
 * "Parallel random numbers: as easy as 1, 2, 3". C++ has the same function in `native/core`; both are tested on
 * `test/vectors/philox.json`.
 */

/** Four 32-bit words, unsigned. */
export type Words4 = readonly [number, number, number, number];
/** Two 32-bit words, unsigned: (seed, purpose). */
export type Words2 = readonly [number, number];

/** The table of purposes (docs/step.md, section 7). Numbers are never reused. */
export const PURPOSE = {
  initialWeights: 1,
  plan: 2,
  discriminatorNoise: 3,
  generatorNoise: 4,
  interpolation: 5,
  augmentation: 6,
  dropout: 7,
  modeSeekingNoise: 8,
  sampleNoise: 9,
  flowers: 10,
  captions: 11,
  evaluation: 12,
  holdOut: 13,
  contactSheet: 14,
  mixedFlowers: 15,
  wordDropout: 16,
} as const;

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUND_COUNT = 10;
const TWO_32 = 4294967296;

/** High word of a 32 x 32 bit product of two unsigned words; both partial products stay under 2^53, hence exact. */
function multiplyHigh(a: number, b: number): number {
  const low = a * (b & 0xffff);
  return Math.floor((a * (b >>> 16) + Math.floor(low / 65536)) / 65536);
}

function philoxInto(out: Uint32Array, c0: number, c1: number, c2: number, c3: number, key: Words2): void {
  let [k0, k1] = key;
  for (let round = 0; round < ROUND_COUNT; round++) {
    const high0 = multiplyHigh(c0, MULTIPLIER_0);
    const low0 = Math.imul(c0, MULTIPLIER_0) >>> 0;
    const high1 = multiplyHigh(c2, MULTIPLIER_1);
    const low1 = Math.imul(c2, MULTIPLIER_1) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** One block of Philox4x32-10: four words from a counter and a key. Inputs are taken modulo 2^32. */
export function philox4x32(counter: Words4, key: Words2): [number, number, number, number] {
  const out = new Uint32Array(4);
  const [c0, c1, c2, c3] = counter;
  philoxInto(out, c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0, [key[0] >>> 0, key[1] >>> 0]);
  return [out[0]!, out[1]!, out[2]!, out[3]!];
}

/** Where a stream stands in the counter space; each a 32-bit word, 0 when left out. */
export type StreamPosition = { step?: number; pass?: number; row?: number };

/**
 * The numbers of one (seed, purpose, step, pass, row), element after element from 0. A stream that gives only
 * words, uniforms and integers, or only normals, gives exactly the elements of docs/step.md. Two normals share
 * two words, so a stream that changes between the kinds at an odd element skips that element.
 */
export class PhiloxStream {
  readonly #key: Words2;
  readonly #step: number;
  readonly #pass: number;
  readonly #row: number;
  readonly #block = new Uint32Array(4);
  #blockIndex = -1;
  #element = 0;
  #lastWasNormal = false;

  constructor(seed: number, purpose: number, { step = 0, pass = 0, row = 0 }: StreamPosition = {}) {
    this.#key = [seed >>> 0, purpose >>> 0];
    this.#step = step >>> 0;
    this.#pass = pass >>> 0;
    this.#row = row >>> 0;
  }

  #word(element: number): number {
    const index = Math.floor(element / 4);
    if (index !== this.#blockIndex) {
      philoxInto(this.#block, index >>> 0, this.#row, this.#pass, this.#step, this.#key);
      this.#blockIndex = index;
    }
    return this.#block[element & 3]!;
  }

  #take(normal: boolean): number {
    if (normal !== this.#lastWasNormal && this.#element % 2 === 1) this.#element++;
    this.#lastWasNormal = normal;
    return this.#element++;
  }

  /** The next word, 0 to 2^32 - 1. */
  uint32(): number {
    return this.#word(this.#take(false));
  }

  /** The next number of U(0, 1), never 0 or 1. */
  uniform(): number {
    return (this.uint32() + 0.5) / TWO_32;
  }

  /** The next number of U(low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** The next integer from 0 to n - 1, for n up to 2^32: floor(word * n / 2^32). */
  below(n: number): number {
    // high word by halves: word * n may exceed 2^53
    return n === TWO_32 ? this.uint32() : multiplyHigh(this.uint32(), n);
  }

  /** The next number of N(0, 1), by Box and Muller over the two words of the element's pair. */
  normal(): number {
    const element = this.#take(true);
    const radius = Math.sqrt(-2 * Math.log((this.#word(element & ~1) + 0.5) / TWO_32));
    const angle = (2 * Math.PI * (this.#word(element | 1) + 0.5)) / TWO_32;
    return radius * (element % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  }

  /** One entry of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** A shuffled copy (Fisher and Yates, from the end). */
  shuffle<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [copy[i], copy[j]] = [copy[j]!, copy[i]!];
    }
    return copy;
  }
}
