import { PhiloxStream, PURPOSE } from '../data/philox';

/** The pass word of purpose 12 (docs/step.md section 7) tells the uses inside the evaluation apart. */
export const EVALUATION_PASS = {
  bootstrap: 1,
  captions: 2,
  crops: 3,
  shuffle: 4,
  blobs: 5,
  renders: 6,
  fit: 7,
  probes: 8,
  triples: 9,
  headCaptions: 10,
  headShuffles: 11,
} as const;

/** Quantile 0.975 of the standard normal distribution. */
const NORMAL_975 = 1.959963984540054;

/** An interval of proportions, both ends in [0, 1]. */
export interface Interval {
  low: number;
  high: number;
}

/** A share of successes with its count and its 95 % interval. */
export interface Proportion extends Interval {
  /** successes / trials; NaN where there were no trials. */
  value: number;
  successes: number;
  trials: number;
}

/** One yes-or-no observation; observations of one cluster (species) are not independent of each other. */
export interface Observation {
  cluster: number;
  success: boolean;
}

/** The 95 % score interval of Wilson (1927), which stays sensible at 0 and at 1. */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const z2 = NORMAL_975 ** 2;
  const center = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half =
    (NORMAL_975 / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) };
}

/**
 * The 95 % percentile interval of `sum of numerators / sum of denominators` under resampling of whole clusters (1,000
 * rounds, deterministic in `seed`). For a mean, a cluster gives the sum of its values and their count.
 */
export function clusterBootstrap(
  totals: { numerator: number; denominator: number }[],
  seed: number,
  rounds = 1000,
): Interval {
  if (totals.length === 0) return { low: Number.NaN, high: Number.NaN };
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const stream = new PhiloxStream(seed, PURPOSE.evaluation, {
      step: 0,
      pass: EVALUATION_PASS.bootstrap,
      row: round,
    });
    let numerator = 0;
    let denominator = 0;
    for (let draw = 0; draw < totals.length; draw++) {
      const picked = totals[stream.below(totals.length)]!;
      numerator += picked.numerator;
      denominator += picked.denominator;
    }
    ratios.push(numerator / denominator);
  }
  ratios.sort((a, b) => a - b);
  return { low: quantile(ratios, 0.025), high: quantile(ratios, 0.975) };
}

/**
 * A proportion with the wider of its two 95 % intervals at either end: Wilson's, which ignores that captions of a
 * species resemble each other, and the bootstrap over species, which collapses where every answer is the same.
 */
export function proportion(observations: Observation[], seed: number): Proportion {
  const totals = new Map<number, { numerator: number; denominator: number }>();
  let successes = 0;
  for (const { cluster, success } of observations) {
    const total = totals.get(cluster) ?? { numerator: 0, denominator: 0 };
    total.denominator++;
    if (success) {
      total.numerator++;
      successes++;
    }
    totals.set(cluster, total);
  }
  const trials = observations.length;
  const wilson = wilsonInterval(successes, trials);
  if (trials === 0) return { value: Number.NaN, successes, trials, ...wilson };
  const bootstrap = clusterBootstrap([...totals.values()], seed);
  return {
    value: successes / trials,
    successes,
    trials,
    low: Math.min(wilson.low, bootstrap.low),
    high: Math.max(wilson.high, bootstrap.high),
  };
}

/** The quantile of sorted numbers, interpolated linearly between neighbors (type 7 of Hyndman and Fan 1996). */
export function quantile(sorted: number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  return low + (position - below) * ((sorted[below + 1] ?? low) - low);
}

export function mean(values: number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
