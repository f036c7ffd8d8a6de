import type { ClassScores } from './class-ranking';

/** Rows of numbers, row-major. */
export interface Rows {
  data: Float32Array;
  width: number;
}

/** The mean row of each group; `groups` names the group of every row. */
export function groupMeans({ data, width }: Rows, groups: readonly number[], of: readonly number[]): Rows {
  const sums = new Float64Array(of.length * width);
  const counts = new Int32Array(of.length);
  for (const [row, group] of groups.entries()) {
    const at = of.indexOf(group);
    if (at < 0) continue;
    counts[at]!++;
    for (let k = 0; k < width; k++) sums[at * width + k]! += data[row * width + k]!;
  }
  return { data: Float32Array.from(sums, (sum, i) => sum / counts[Math.floor(i / width)]!), width };
}

/** Dot products of image features with the classes' mean texts. */
export function textScores(
  features: Rows,
  labels: readonly number[],
  texts: Rows,
  classes: number[],
): ClassScores {
  const { width } = features;
  const scores = new Float64Array(labels.length * classes.length);
  for (let image = 0; image < labels.length; image++)
    for (let c = 0; c < classes.length; c++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += features.data[image * width + k]! * texts.data[c * width + k]!;
      scores[image * classes.length + c] = sum;
    }
  return { classes, labels, scores };
}

/**
 * The nearest class mean on image features: minus the squared distance to the mean of each class, that of the image's
 * own class taken without the image. A class of one image has no mean then, and its image is never right.
 */
export function nearestMeanScores(features: Rows, labels: readonly number[], classes: number[]): ClassScores {
  const { data, width } = features;
  const means = groupMeans(features, labels, classes);
  const scores = new Float64Array(labels.length * classes.length);
  for (const [image, label] of labels.entries()) {
    for (const [c, classId] of classes.entries()) {
      // x - mean without x = (x - mean) n / (n - 1)
      const n = classId === label ? labels.filter((other) => other === label).length : 0;
      const factor = n === 0 ? 1 : n / (n - 1);
      let sum = 0;
      for (let k = 0; k < width; k++) sum += (data[image * width + k]! - means.data[c * width + k]!) ** 2;
      scores[image * classes.length + c] = n === 1 ? Number.NEGATIVE_INFINITY : -sum * factor * factor;
    }
  }
  return { classes, labels, scores };
}
