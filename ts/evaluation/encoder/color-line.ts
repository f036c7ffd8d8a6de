import type { Dataset } from '../../data/dataset';
import { type Matrix, solve, zeros } from '../linear-system';
import { colorMentions } from './caption-names';
import type { ClassScores } from './class-ranking';

/** Of the side of the picture: radius of the disc, and the two radii of the ring. */
const DISC = 0.1;
const RING = [0.22, 0.28] as const;
const RIDGE = 1;
/** Red, green, blue of disc and ring. */
const VALUES = 6;

/** A picture with its class and the captions that speak of it. */
export interface ColorSample {
  classId: number;
  texts: readonly string[];
  /** Six mean pixel values, 0 to 1. */
  values: Float64Array;
}

/** Mean red, green, blue of a disc and of a ring about the middle of RGB bytes [side, side, 3]; 0 to 1. */
export function discAndRing(rgb: Uint8Array, side: number): Float64Array {
  const sums = new Float64Array(VALUES);
  const counts = [0, 0];
  const middle = (side - 1) / 2;
  for (let p = 0; p < side * side; p++) {
    const radius = Math.hypot((p % side) - middle, Math.floor(p / side) - middle) / side;
    const region = radius < DISC ? 0 : radius >= RING[0] && radius < RING[1] ? 1 : -1;
    if (region < 0) continue;
    counts[region]!++;
    for (let c = 0; c < 3; c++) sums[3 * region + c]! += rgb[3 * p + c]!;
  }
  return sums.map((sum, i) => sum / counts[Math.floor(i / 3)]! / 255);
}

/** The pictures of a split from the largest stored size. */
export async function colorSamples(dataset: Dataset, images: readonly number[]): Promise<ColorSample[]> {
  const side = Math.max(...dataset.sizes);
  const samples: ColorSample[] = [];
  for (const image of images)
    samples.push({
      classId: dataset.classOf(image),
      texts: dataset.captionsOf(image).map(({ text }) => text),
      values: discAndRing(await dataset.image(image, side), side),
    });
  return samples;
}

/** What colors alone achieve: ridge regression from color words, by region, to the six values (docs/evaluation.md). */
export class ColorLine {
  readonly #columns = new Map<string, number>();
  readonly #weights: Matrix;
  /** One over the variance of each value over the training pictures. */
  readonly #precision: Float64Array;

  constructor(training: readonly ColorSample[]) {
    for (const { texts } of training)
      for (const key of texts.flatMap(colorKeys))
        if (!this.#columns.has(key)) this.#columns.set(key, this.#columns.size);
    this.#weights = this.#fit(training);
    this.#precision = varianceOf(training.map(({ values }) => values)).map((v) => 1 / Math.max(v, 1e-12));
  }

  /** Six values from one caption. */
  predict(text: string): Float64Array {
    const values = new Float64Array(VALUES);
    for (const column of this.#row(text))
      for (let k = 0; k < VALUES; k++) values[k]! += this.#weights[column]![k]!;
    return values;
  }

  scores(samples: readonly ColorSample[], classes: number[]): ClassScores {
    const prototypes = classes.map((classId) =>
      meanOf(
        samples
          .filter((s) => s.classId === classId)
          .flatMap(({ texts }) => texts.map((t) => this.predict(t))),
      ),
    );
    const scores = samples.flatMap(({ values }) => prototypes.map((p) => -this.#distance(values, p)));
    return { classes, labels: samples.map(({ classId }) => classId), scores: Float64Array.from(scores) };
  }

  #distance(a: Float64Array, b: Float64Array): number {
    return a.reduce((sum, value, k) => sum + (value - b[k]!) ** 2 * this.#precision[k]!, 0);
  }

  /** The columns in which a caption has a one; the last is the intercept. A word twice is two ones. */
  #row(text: string): number[] {
    const known = colorKeys(text).flatMap((key) => this.#columns.get(key) ?? []);
    return [...known, this.#columns.size];
  }

  #fit(training: readonly ColorSample[]): Matrix {
    const size = this.#columns.size + 1;
    const products = zeros(size, size);
    const targets = zeros(size, VALUES);
    for (let i = 0; i < size - 1; i++) products[i]![i] = RIDGE;
    for (const { texts, values } of training)
      for (const row of texts.map((text) => this.#row(text)))
        for (const i of row) {
          for (const j of row) products[i]![j]!++;
          for (let k = 0; k < VALUES; k++) targets[i]![k]! += values[k]!;
        }
    return solve(products, targets);
  }
}

function colorKeys(text: string): string[] {
  return colorMentions(text).map(({ word, region }) => `${region} ${word}`);
}

function meanOf(rows: Float64Array[]): Float64Array {
  const sum = new Float64Array(VALUES);
  for (const row of rows) for (let k = 0; k < VALUES; k++) sum[k]! += row[k]! / rows.length;
  return sum;
}

function varianceOf(rows: Float64Array[]): Float64Array {
  const mean = meanOf(rows);
  return meanOf(rows.map((row) => row.map((value, k) => (value - mean[k]!) ** 2)));
}
