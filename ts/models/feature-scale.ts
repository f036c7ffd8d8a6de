import { createHash } from 'node:crypto';

/** A number that hardly varies is not blown up: a deviation below this share of the mean one counts as this. */
const smallestShare = 0.05;

/** Sums up rows of features, then says what brings each number to mean 0 and deviation 1. */
export class FeatureMoments {
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(private readonly width: number) {
    this.#sum = new Float64Array(width);
    this.#squares = new Float64Array(width);
  }

  /** Row-major `[rows, width]`. */
  add(features: Float32Array): void {
    for (let i = 0; i < features.length; i++) {
      const k = i % this.width;
      this.#sum[k]! += features[i]!;
      this.#squares[k]! += features[i]! ** 2;
    }
    this.#count += features.length / this.width;
  }

  scale(): FeatureScale {
    const mean = this.#sum.map((sum) => sum / this.#count);
    const deviation = this.#squares.map((sum, k) =>
      Math.sqrt(Math.max(0, sum / this.#count - mean[k]! ** 2)),
    );
    const floor = (smallestShare * deviation.reduce((a, b) => a + b, 0)) / this.width;
    return new FeatureScale(
      mean,
      deviation.map((value) => Math.max(value, floor) || 1),
    );
  }
}

/** What is taken off each number of features, and what the rest is divided by. */
export class FeatureScale {
  constructor(
    readonly mean: Float64Array,
    readonly deviation: Float64Array,
  ) {}

  /** Standardizes rows `[rows, width]` in place. */
  apply(features: Float32Array): void {
    const width = this.mean.length;
    for (let i = 0; i < features.length; i++)
      features[i] = (features[i]! - this.mean[i % width]!) / this.deviation[i % width]!;
  }

  /** SHA-256 (hex) over a network's fingerprint and the scale: what stands for features that both made. */
  fingerprint(networkFingerprint: string): string {
    return createHash('sha256')
      .update(networkFingerprint)
      .update(new Uint8Array(this.mean.buffer))
      .update(new Uint8Array(this.deviation.buffer))
      .digest('hex');
  }
}
