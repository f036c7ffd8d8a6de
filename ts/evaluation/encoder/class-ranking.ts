import { clusterBootstrap, type Interval, mean, type Proportion, proportion } from '../statistics';

/** The depths at which retrieval is measured, as the authors'. */
export const AP_DEPTHS = [1, 5, 10, 50] as const;

/** Scores of all classes for all images of a split. */
export interface ClassScores {
  /** Class id of each column. */
  classes: readonly number[];
  /** Class id of each image. */
  labels: readonly number[];
  /** Row-major [images, classes]; the higher, the likelier. */
  scores: Float64Array;
}

/** AP@k with its 95 % interval, beside what can be reached. */
export interface ApAtK extends Interval {
  k: number;
  value: number;
  /** Mean of min(k, n) / k over the classes, for a class with fewer than k images cannot reach 1. */
  attainable: number;
}

/** One class of {@link ClassRanking}. */
export interface RankedClass {
  classId: number;
  images: number;
  /** Images whose highest score is this, their own class. */
  right: number;
  /** Share of the class among the first k images, for each of `AP_DEPTHS`. */
  ap: number[];
}

/** Images classified by their scores, and images ranked for each class. */
export interface ClassRanking {
  top1: Proportion;
  ap: ApAtK[];
  perClass: RankedClass[];
}

/** Top-1 over images and AP@k over classes; of equal scores the lower class and the lower image go first. */
export function rankClasses(table: ClassScores, seed: number): ClassRanking {
  const { classes, labels } = table;
  const guesses = labels.map((_, image) => bestClass(table, image));
  const perClass = classes.map((classId, column): RankedClass => {
    const own = labels.flatMap((label, image) => (label === classId ? [image] : []));
    const ranked = rankedImages(table, column);
    const ap = AP_DEPTHS.map((k) => ranked.slice(0, k).filter((i) => labels[i] === classId).length / k);
    return { classId, images: own.length, right: own.filter((i) => guesses[i] === classId).length, ap };
  });
  const observations = labels.map((label, i) => ({ cluster: label, success: guesses[i] === label }));
  return { top1: proportion(observations, seed), ap: averagePrecision(perClass, seed), perClass };
}

function bestClass({ classes, scores }: ClassScores, image: number): number {
  let best = 0;
  for (let c = 1; c < classes.length; c++)
    if (scores[image * classes.length + c]! > scores[image * classes.length + best]!) best = c;
  return classes[best]!;
}

function rankedImages({ classes, labels, scores }: ClassScores, column: number): number[] {
  const score = (image: number) => scores[image * classes.length + column]!;
  return [...labels.keys()].sort((a, b) => score(b) - score(a) || a - b);
}

function averagePrecision(perClass: RankedClass[], seed: number): ApAtK[] {
  return AP_DEPTHS.map((k, i) => {
    const totals = perClass.map(({ ap }) => ({ numerator: ap[i]!, denominator: 1 }));
    return {
      k,
      value: mean(perClass.map(({ ap }) => ap[i]!)),
      attainable: mean(perClass.map(({ images }) => Math.min(k, images) / k)),
      ...clusterBootstrap(totals, seed),
    };
  });
}

/** How far the top-1 of one line is above that of another on the same images; a bootstrap over classes. */
export function topOneDifference(
  above: ClassRanking,
  below: ClassRanking,
  seed: number,
): Interval & { value: number } {
  const totals = above.perClass.map(({ right, images }, i) => ({
    numerator: right - below.perClass[i]!.right,
    denominator: images,
  }));
  return { value: above.top1.value - below.top1.value, ...clusterBootstrap(totals, seed) };
}
