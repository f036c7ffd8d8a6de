import { PhiloxStream, PURPOSE } from './philox';
import { planPass } from './sampling';

/** Numbers that are left of a row. */
const width = 128;
/** Of them that each number of the row is added to or taken from. */
const spread = 8;

/** An image that a row may show, with the captions that it would have there. */
export interface Candidate {
  image: number;
  captions: readonly number[];
}

/** Rows of equally many numbers. */
export interface NumberRows {
  count: number;
  width: number;
  rows: Iterable<Float32Array> | AsyncIterable<Float32Array>;
}

/**
 * How much captions are alike: the cosine between their embeddings once the mean is taken off. Of each a sparse random
 * projection is kept (Achlioptas 2003; Li, Hastie and Church 2006), so that all of them fit into memory.
 */
export class Likeness {
  readonly #rows: Float32Array;

  private constructor(rows: Float32Array) {
    this.#rows = rows;
  }

  /** @param source a row for each caption */
  static async of({ count, width: from, rows }: NumberRows, seed: number): Promise<Likeness> {
    const projection = new SparseProjection(from, seed);
    const projected = new Float32Array(count * width);
    let row = 0;
    for await (const numbers of rows) projection.apply(numbers, projected.subarray(row++ * width));
    center(projected);
    for (let first = 0; first < projected.length; first += width)
      shorten(projected.subarray(first, first + width));
    return new Likeness(projected);
  }

  /** From -1 to 1; 0 where either lies at the mean of all. */
  between(a: Candidate, b: Candidate): number {
    const [left, right] = [this.#direction(a), this.#direction(b)];
    let product = 0;
    for (let k = 0; k < width; k++) product += left[k]! * right[k]!;
    return product;
  }

  /** That of the caption, or the mean one of several. */
  #direction({ captions }: Candidate): Float32Array {
    const row = (caption: number) => this.#rows.subarray(caption * width, (caption + 1) * width);
    if (captions.length === 1) return row(captions[0]!);
    const sum = new Float32Array(width);
    for (const caption of captions) {
      const numbers = row(caption);
      for (let k = 0; k < width; k++) sum[k]! += numbers[k]!;
    }
    shorten(sum);
    return sum;
  }
}

/** Adds each number of a row to some of fewer numbers, or takes it from them, as random numbers have chosen once. */
class SparseProjection {
  readonly #place: Uint16Array;
  readonly #sign: Int8Array;

  constructor(from: number, seed: number) {
    const stream = new PhiloxStream(seed, PURPOSE.plan, { pass: planPass.likeness });
    this.#place = Uint16Array.from({ length: from * spread }, () => stream.below(width));
    this.#sign = Int8Array.from({ length: from * spread }, () => (stream.uniform() < 0.5 ? -1 : 1));
  }

  apply(numbers: Float32Array, result: Float32Array): void {
    for (let k = 0, at = 0; k < numbers.length; k++)
      for (let i = 0; i < spread; i++, at++) result[this.#place[at]!]! += this.#sign[at]! * numbers[k]!;
  }
}

/** Takes their mean off all rows. */
function center(rows: Float32Array): void {
  const mean = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) mean[i % width]! += rows[i]!;
  for (let i = 0; i < rows.length; i++) rows[i]! -= (mean[i % width]! * width) / rows.length;
}

/** To length 1, unless it has none. */
function shorten(row: Float32Array): void {
  let square = 0;
  for (const value of row) square += value ** 2;
  if (square === 0) return;
  const length = Math.sqrt(square);
  for (let k = 0; k < row.length; k++) row[k]! /= length;
}
