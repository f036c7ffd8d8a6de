/** Names of the metrics of a step, in the order of the state tensors (docs/step.md, section 10). */
export const metricNames = [
  'discriminatorLoss',
  'realLoss',
  'mismatchedLoss',
  'fakeLoss',
  'realScore',
  'mismatchedScore',
  'fakeScore',
  'generatorLoss',
  'adversarialLoss',
  'modeSeekingLoss',
  'generatorScore',
] as const;

/**
 * Means over the steps of an epoch. Losses are unweighted means over rows; scores are mean sigmoids of the
 * discriminator's logits, 1 for "real". `null` where the option is off, as the mismatched ones with `clsWeight: 0`.
 */
export type GanMeans = Record<(typeof metricNames)[number], number | null>;

/** State tensors of the partial sums: F64 [11] and I64 [11]. */
export const metricTensors = { sums: 'progress.metric_sums', counts: 'progress.metric_counts' } as const;

/** Means from the bytes of the two state tensors. */
export function meansOf(sums: ArrayBuffer, counts: ArrayBuffer): GanMeans {
  const totals = new Float64Array(sums);
  const numbers = new BigInt64Array(counts);
  const mean = (i: number) => (numbers[i] === 0n ? null : totals[i]! / Number(numbers[i]));
  return Object.fromEntries(metricNames.map((name, i) => [name, mean(i)])) as GanMeans;
}

/** One line of `metrics.jsonl`. Everything but `time` is the same in equal runs. */
export interface MetricsLine extends GanMeans {
  epoch: number;
  /** Steps since the start of the run. */
  step: number;
  /** Steps of this epoch. */
  steps: number;
  learningRate: number;
  modeSeekingWeight: number;
  time: {
    /** When the line was written, ISO 8601. */
    at: string;
    /** Seconds that this process spent on the epoch's steps. */
    seconds: number;
    /** Real images per second. */
    imagesPerSecond: number;
  };
}
