import type { PhiloxStream } from '../data/philox';
import { pause } from './pause';

// Taken once: in jest's sandbox a global costs a hundred nanoseconds a look.
const { exp, floor, max, sqrt } = Math;

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
  epochs: number;
  /** The rate at the start; it falls along a half cosine to zero. */
  learningRate: number;
  /** The order of rows comes from here. */
  random: PhiloxStream;
  /** Looked at between epochs. */
  signal?: AbortSignal | undefined;
}

const BATCH = 64;
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** The features that are not zero, row by row; hashed n-grams of a sentence fill a twentieth of their columns. */
interface SparseRows {
  start: Int32Array;
  column: Int32Array;
  value: Float32Array;
}

/**
 * Multinomial logistic regression by Adam (Kingma and Ba 2015) on batches of 64 rows, from zero. Plain gradient descent
 * is lost on hashed n-grams: most columns are rare, and their weights would need thousands of rounds.
 */
export async function fitLogisticRegression(options: LogisticRegressionOptions): Promise<LinearClassifier> {
  const { featureCount, classCount, l2, epochs, random } = options;
  const rows = toSparse(options.features, featureCount);
  const rowCount = rows.start.length - 1;
  const width = featureCount + 1; // the last column is the bias
  const weights = new Float64Array(classCount * width);
  const first = new Float64Array(weights.length);
  const second = new Float64Array(weights.length);
  const batchCount = max(1, floor(rowCount / BATCH));
  let order: number[] = Array.from({ length: rowCount }, (_, row) => row);
  for (let update = 0; update < epochs * batchCount; update++) {
    if (update % batchCount === 0) {
      await pause(options.signal);
      order = random.shuffle(order);
    }
    const from = (update % batchCount) * BATCH;
    const batch = order.slice(from, from + BATCH);
    const gradient = crossEntropyGradient(rows, batch, options.labels, weights, classCount);
    const rate = options.learningRate * 0.5 * (1 + Math.cos((Math.PI * update) / (epochs * batchCount)));
    const step = (rate * sqrt(1 - BETA_2 ** (update + 1))) / (1 - BETA_1 ** (update + 1));
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i]! + (i % width === width - 1 ? 0 : l2 * weights[i]!);
      first[i] = BETA_1 * first[i]! + (1 - BETA_1) * g;
      second[i] = BETA_2 * second[i]! + (1 - BETA_2) * g * g;
      weights[i]! -= (step * first[i]!) / (sqrt(second[i]!) + EPSILON);
    }
  }
  return split(weights, classCount, featureCount);
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

/** Gradient of the mean cross-entropy of some rows. */
function crossEntropyGradient(
  rows: SparseRows,
  batch: number[],
  labels: ArrayLike<number>,
  weights: Float64Array,
  classCount: number,
): Float64Array {
  const width = weights.length / classCount;
  const gradient = new Float64Array(weights.length);
  const scores = new Float64Array(classCount);
  for (const row of batch) {
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
      const error = scores[c]! / batch.length;
      for (let k = from; k < to; k++) gradient[c * width + rows.column[k]!]! += error * rows.value[k]!;
      gradient[c * width + width - 1]! += error;
    }
  }
  return gradient;
}

/** Replaces scores by their softmax. */
export function softmax(scores: Float64Array): void {
  const top = scores.reduce((a, b) => max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let c = 0; c < scores.length; c++) {
    scores[c] = exp(scores[c]! - top);
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
