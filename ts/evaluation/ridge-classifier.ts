import { setImmediate } from 'node:timers/promises';
import { FlorigenError } from '../errors';
import type { LinearClassifier } from './logistic-regression';

export interface RidgeOptions {
  /** Row-major `[rowCount, featureCount]`. */
  features: Float32Array;
  featureCount: number;
  /** One class number per row, in [0, classCount). */
  labels: ArrayLike<number>;
  classCount: number;
  /**
   * Weights of the squared coefficients, each relative to the mean variance of a feature, so that a penalty means the
   * same at every scale; the bias is free.
   */
  penalties: readonly number[];
  /** Looked at while the products are summed. */
  signal?: AbortSignal | undefined;
}

const ROWS_AT_A_TIME = 256;

/**
 * Least-squares classifiers, one for each penalty: class indicators regressed on the features. Where logistic
 * regression is content once the classes of the rows it sees lie apart, least squares also asks that all rows of a class
 * score alike, whatever else they say; from few kinds of rows it learns what holds for other kinds.
 */
export async function fitRidgeClassifiers(options: RidgeOptions): Promise<LinearClassifier[]> {
  const { features, featureCount, classCount, penalties } = options;
  const means = meansOf(features, featureCount);
  const { products, indicators, shares } = await moments(options, means);
  let trace = 0;
  for (let k = 0; k < featureCount; k++) trace += products[k * featureCount + k]!;
  const unit = trace / featureCount;
  const classifiers: LinearClassifier[] = [];
  for (const penalty of penalties) {
    await pause(options.signal);
    const factor = Float64Array.from(products);
    for (let k = 0; k < featureCount; k++) factor[k * featureCount + k]! += penalty * unit;
    decompose(factor, featureCount);
    const weights = new Float64Array(classCount * featureCount);
    const bias = new Float64Array(classCount);
    for (let c = 0; c < classCount; c++) {
      const solution = indicators.slice(c * featureCount, (c + 1) * featureCount);
      substitute(factor, featureCount, solution);
      weights.set(solution, c * featureCount);
      bias[c] = shares[c]! - solution.reduce((sum, weight, k) => sum + weight * means[k]!, 0);
    }
    classifiers.push({ classCount, featureCount, weights, bias });
  }
  return classifiers;
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw new FlorigenError('ABORTED', 'The evaluation was stopped.');
}

function meansOf(features: Float32Array, featureCount: number): Float64Array {
  const means = new Float64Array(featureCount);
  for (let i = 0; i < features.length; i++) means[i % featureCount]! += features[i]!;
  return means.map((sum) => (sum * featureCount) / features.length);
}

/** Of centered rows: the lower half of X'X, X'Y for each class, and the share of each class. */
async function moments(
  { features, featureCount, labels, classCount, signal }: RidgeOptions,
  means: Float64Array,
): Promise<{ products: Float64Array; indicators: Float64Array; shares: Float64Array }> {
  const rowCount = features.length / featureCount;
  const products = new Float64Array(featureCount * featureCount);
  const indicators = new Float64Array(classCount * featureCount);
  const shares = new Float64Array(classCount);
  for (let row = 0; row < rowCount; row++) shares[labels[row]!]! += 1 / rowCount;
  const centered = new Float64Array(featureCount);
  for (let row = 0; row < rowCount; row++) {
    if (row % ROWS_AT_A_TIME === 0) await pause(signal);
    for (let k = 0; k < featureCount; k++) centered[k] = features[row * featureCount + k]! - means[k]!;
    addOuterProduct(products, centered);
    const start = labels[row]! * featureCount;
    for (let k = 0; k < featureCount; k++) indicators[start + k]! += centered[k]!;
  }
  return { products, indicators, shares };
}

function addOuterProduct(products: Float64Array, row: Float64Array): void {
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!;
    const start = i * row.length;
    for (let j = 0; j <= i; j++) products[start + j]! += value * row[j]!;
  }
}

/** Cholesky: the lower half of a positive definite matrix becomes its factor. */
function decompose(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k]! * matrix[j * size + k]!;
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * size + j]!;
    }
  }
}

/** Solves L L' x = b in place. */
function substitute(factor: Float64Array, size: number, x: Float64Array): void {
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i]! -= factor[i * size + k]! * x[k]!;
    x[i]! /= factor[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= factor[k * size + i]! * x[k]!;
    x[i]! /= factor[i * size + i]!;
  }
}
