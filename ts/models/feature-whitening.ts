import { createHash } from 'node:crypto';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** A direction whose variance is below this share of the largest is rounding, or nothing varies along it. */
const smallestShare = 1e-9;

/** Sums up rows of features, then says along which directions they vary most. */
export class FeatureMoments {
  readonly #sum: Float64Array;
  /** Sums of products, row-major; the lower triangle is left empty. */
  readonly #products: Float64Array;
  #count = 0;

  constructor(private readonly width: number) {
    this.#sum = new Float64Array(width);
    this.#products = new Float64Array(width * width);
  }

  /** Row-major `[rows, width]`. */
  add(features: Float32Array): void {
    const { width } = this;
    for (let first = 0; first < features.length; first += width) {
      const row = features.subarray(first, first + width);
      for (let i = 0; i < width; i++) {
        const value = row[i]!;
        this.#sum[i]! += value;
        if (value === 0) continue;
        for (let j = i, at = i * width + i; j < width; j++, at++) this.#products[at]! += value * row[j]!;
      }
      this.#count++;
    }
  }

  /** @param most how many directions are kept; fewer where the rows vary along fewer */
  whitening(most: number): FeatureWhitening {
    const { width } = this;
    const mean = this.#sum.map((sum) => sum / this.#count);
    const covariance = Matrix.zeros(width, width);
    for (let i = 0; i < width; i++)
      for (let j = i; j < width; j++) {
        const value = this.#products[i * width + j]! / this.#count - mean[i]! * mean[j]!;
        covariance.set(i, j, value).set(j, i, value);
      }
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
      assumeSymmetric: true,
    });
    const largest = Math.max(...realEigenvalues);
    const kept = realEigenvalues
      .map((variance, column) => ({ variance, column }))
      .filter(({ variance }) => variance > smallestShare * largest)
      .sort((a, b) => b.variance - a.variance)
      .slice(0, most);
    return new FeatureWhitening(
      mean,
      kept.map(({ variance, column }) => ({
        axis: Float64Array.from(eigenvectorMatrix.getColumn(column)),
        deviation: Math.sqrt(variance),
      })),
    );
  }
}

/** A direction along which features vary. */
export interface Direction {
  /** Of length 1. */
  axis: Float64Array;
  deviation: number;
}

/** Brings features to mean 0, and to deviation 1 along some directions; what lies along all others is left out. */
export class FeatureWhitening {
  constructor(
    readonly mean: Float64Array,
    /** Orthogonal to each other. */
    readonly directions: readonly Direction[],
  ) {}

  /** Whitens rows `[rows, width]` in place; they keep their width. */
  apply(features: Float32Array): void {
    const width = this.mean.length;
    const centered = new Float64Array(width);
    const result = new Float64Array(width);
    for (let first = 0; first < features.length; first += width) {
      const row = features.subarray(first, first + width);
      for (let k = 0; k < width; k++) centered[k] = row[k]! - this.mean[k]!;
      result.fill(0);
      for (const { axis, deviation } of this.directions) {
        let length = 0;
        for (let k = 0; k < width; k++) length += centered[k]! * axis[k]!;
        length /= deviation;
        for (let k = 0; k < width; k++) result[k]! += length * axis[k]!;
      }
      row.set(result);
    }
  }

  /** SHA-256 (hex) over a network's fingerprint and the whitening: what stands for features that both made. */
  fingerprint(networkFingerprint: string): string {
    const hash = createHash('sha256').update(networkFingerprint).update(new Uint8Array(this.mean.buffer));
    for (const { axis, deviation } of this.directions)
      hash.update(new Uint8Array(axis.buffer)).update(String(deviation));
    return hash.digest('hex');
  }
}
