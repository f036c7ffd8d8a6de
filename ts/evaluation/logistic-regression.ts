/** A linear classifier: class of `x` is the largest of `weights[class] . x + bias[class]`. */
export interface LinearClassifier {
  classCount: number;
  featureCount: number;
  /** Row-major `[classCount, featureCount]`. */
  weights: Float64Array;
  bias: Float64Array;
}

export interface LogisticRegressionOptions {
  /** Row-major `[rowCount, featureCount]`. */
  features: Float32Array;
  featureCount: number;
  /** One class number per row, in [0, classCount). */
  labels: ArrayLike<number>;
  classCount: number;
  /** Weight of `||weights||^2 / 2` beside the mean cross-entropy; the bias is free. */
  l2: number;
  iterations: number;
}

/** The features that are not zero, row by row; hashed n-grams of a sentence fill a twentieth of their columns. */
interface SparseRows {
  start: Int32Array;
  column: Int32Array;
  value: Float32Array;
}

/**
 * Multinomial logistic regression by accelerated gradient descent (Nesterov 1983 with restarts after O'Donoghue and
 * Candes 2015), deterministic, from zero. The step is 1 / L, where L bounds the curvature of the mean cross-entropy:
 * half the largest squared norm of a row (with its constant 1), plus `l2`.
 */
export function fitLogisticRegression(options: LogisticRegressionOptions): LinearClassifier {
  const { featureCount, classCount, l2, iterations } = options;
  const rows = toSparse(options.features, featureCount);
  const width = featureCount + 1; // the last column is the bias
  const step = 1 / (0.5 * largestSquaredNorm(rows) + l2);
  let current = new Float64Array(classCount * width);
  let ahead = current;
  let momentum = 1;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const gradient = crossEntropyGradient(rows, options.labels, ahead, classCount, l2);
    const next = new Float64Array(ahead.length);
    let uphill = 0;
    for (let i = 0; i < next.length; i++) {
      next[i] = ahead[i]! - step * gradient[i]!;
      uphill += gradient[i]! * (next[i]! - current[i]!);
    }
    const nextMomentum = uphill > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const push = uphill > 0 ? 0 : (momentum - 1) / nextMomentum;
    ahead = next.map((value, i) => value + push * (value - current[i]!));
    current = next;
    momentum = nextMomentum;
  }
  return split(current, classCount, featureCount);
}

/** The class of every row of `features` (`[rowCount, featureCount]`). */
export function classify(classifier: LinearClassifier, features: Float32Array): Int32Array {
  const { featureCount, classCount } = classifier;
  return Int32Array.from({ length: features.length / featureCount }, (_, row) => {
    let best = 0;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classCount; c++) {
      let score = classifier.bias[c]!;
      for (let f = 0; f < featureCount; f++) {
        score += classifier.weights[c * featureCount + f]! * features[row * featureCount + f]!;
      }
      if (score > bestScore) {
        bestScore = score;
        best = c;
      }
    }
    return best;
  });
}

function crossEntropyGradient(
  rows: SparseRows,
  labels: ArrayLike<number>,
  weights: Float64Array,
  classCount: number,
  l2: number,
): Float64Array {
  const width = weights.length / classCount;
  const rowCount = rows.start.length - 1;
  const gradient = new Float64Array(weights.length);
  const scores = new Float64Array(classCount);
  for (let row = 0; row < rowCount; row++) {
    const from = rows.start[row]!;
    const to = rows.start[row + 1]!;
    for (let c = 0; c < classCount; c++) {
      let score = weights[c * width + width - 1]!;
      for (let k = from; k < to; k++) score += weights[c * width + rows.column[k]!]! * rows.value[k]!;
      scores[c] = score;
    }
    softmax(scores);
    scores[labels[row]!]! -= 1;
    for (let c = 0; c < classCount; c++) {
      const error = scores[c]! / rowCount;
      for (let k = from; k < to; k++) gradient[c * width + rows.column[k]!]! += error * rows.value[k]!;
      gradient[c * width + width - 1]! += error;
    }
  }
  for (let i = 0; i < gradient.length; i++) if (i % width !== width - 1) gradient[i]! += l2 * weights[i]!;
  return gradient;
}

/** Replaces scores by their softmax. */
export function softmax(scores: Float64Array): void {
  const top = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let c = 0; c < scores.length; c++) {
    scores[c] = Math.exp(scores[c]! - top);
    sum += scores[c]!;
  }
  for (let c = 0; c < scores.length; c++) scores[c]! /= sum;
}

function toSparse(features: Float32Array, featureCount: number): SparseRows {
  const start = [0];
  const column: number[] = [];
  const value: number[] = [];
  for (let i = 0; i < features.length; i++) {
    if (features[i] !== 0) {
      column.push(i % featureCount);
      value.push(features[i]!);
    }
    if ((i + 1) % featureCount === 0) start.push(column.length);
  }
  return { start: Int32Array.from(start), column: Int32Array.from(column), value: Float32Array.from(value) };
}

function largestSquaredNorm(rows: SparseRows): number {
  let largest = 0;
  for (let row = 0; row + 1 < rows.start.length; row++) {
    let norm = 1;
    for (let k = rows.start[row]!; k < rows.start[row + 1]!; k++) norm += rows.value[k]! ** 2;
    largest = Math.max(largest, norm);
  }
  return largest;
}

function split(joined: Float64Array, classCount: number, featureCount: number): LinearClassifier {
  const weights = new Float64Array(classCount * featureCount);
  const bias = new Float64Array(classCount);
  for (let c = 0; c < classCount; c++) {
    const from = c * (featureCount + 1);
    weights.set(joined.subarray(from, from + featureCount), c * featureCount);
    bias[c] = joined[from + featureCount]!;
  }
  return { classCount, featureCount, weights, bias };
}
