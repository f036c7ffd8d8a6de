import { type Matrix, solve, zeros } from './linear-system';
import type { LinearClassifier } from './logistic-regression';
import { pause } from './pause';

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
  const { featureCount, classCount, penalties, signal } = options;
  const means = meansOf(options.features, featureCount);
  const { products, targets, shares } = await moments(options, means);
  const unit = products.reduce((sum, row, k) => sum + row[k]!, 0) / featureCount;
  const classifiers: LinearClassifier[] = [];
  for (const penalty of penalties) {
    await pause(signal);
    const penalized = products.map((row, k) => row.with(k, row[k]! + penalty * unit));
    const solution = solve(penalized, targets);
    const weights = new Float64Array(classCount * featureCount);
    const bias = shares.map(
      (share, c) => share - solution.reduce((sum, row, k) => sum + row[c]! * means[k]!, 0),
    );
    for (let c = 0; c < classCount; c++)
      for (let k = 0; k < featureCount; k++) weights[c * featureCount + k] = solution[k]![c]!;
    classifiers.push({ classCount, featureCount, weights, bias });
  }
  return classifiers;
}

function meansOf(features: Float32Array, featureCount: number): Float64Array {
  const means = new Float64Array(featureCount);
  for (let i = 0; i < features.length; i++) means[i % featureCount]! += features[i]!;
  return means.map((sum) => (sum * featureCount) / features.length);
}

/** Of centered rows: X'X, X'Y with a column for each class, and the share of each class. */
async function moments(
  { features, featureCount, labels, classCount, signal }: RidgeOptions,
  means: Float64Array,
): Promise<{ products: Matrix; targets: Matrix; shares: Float64Array }> {
  const rowCount = features.length / featureCount;
  const products = zeros(featureCount, featureCount);
  const targets = zeros(featureCount, classCount);
  const shares = new Float64Array(classCount);
  const centered = new Float64Array(featureCount);
  for (let row = 0; row < rowCount; row++) {
    if (row % ROWS_AT_A_TIME === 0) await pause(signal);
    const label = labels[row]!;
    for (let k = 0; k < featureCount; k++) centered[k] = features[row * featureCount + k]! - means[k]!;
    for (let k = 0; k < featureCount; k++) targets[k]![label]! += centered[k]!;
    shares[label]! += 1 / rowCount;
    addOuterProduct(products, centered);
  }
  mirror(products);
  return { products, targets, shares };
}

/** Adds to the lower half. */
function addOuterProduct(products: Matrix, row: Float64Array): void {
  for (let i = 0; i < row.length; i++) {
    const [value, sums] = [row[i]!, products[i]!];
    for (let j = 0; j <= i; j++) sums[j]! += value * row[j]!;
  }
}

/** Copies the lower half to the upper. */
function mirror(matrix: Matrix): void {
  for (let i = 0; i < matrix.length; i++) for (let j = 0; j < i; j++) matrix[j]![i] = matrix[i]![j]!;
}
