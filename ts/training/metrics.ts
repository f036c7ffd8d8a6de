/** Names of the metrics of a GAN's step, in the order of the state tensors (docs/step.md, section 10). */
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
  'contrastiveLoss',
  'generatorContrastiveLoss',
  'guideLoss',
  'generatorGuideLoss',
  'criticLoss',
  'generatorCriticLoss',
] as const;

export type GanMetric = (typeof metricNames)[number];

/** Means over the steps of an epoch; `null` where nothing was measured. */
export type Means<Metric extends string> = Record<Metric, number | null>;

/**
 * Means over the steps of an epoch. Losses are unweighted means over rows; scores are mean sigmoids of the
 * discriminator's logits, 1 for "real". `null` where the option is off, as the mismatched ones with `clsWeight: 0`.
 */
export type GanMeans = Means<GanMetric>;

/** State tensors of the partial sums: F64 [metrics] and I64 [metrics]. */
export const metricTensors = { sums: 'progress.metric_sums', counts: 'progress.metric_counts' } as const;

/** Means from the bytes of the two state tensors. */
export function meansOf<Metric extends string>(
  names: readonly Metric[],
  sums: ArrayBuffer,
  counts: ArrayBuffer,
): Means<Metric> {
  const totals = new Float64Array(sums);
  const numbers = new BigInt64Array(counts);
  const mean = (i: number) => (numbers[i] === 0n ? null : totals[i]! / Number(numbers[i]));
  return Object.fromEntries(names.map((name, i) => [name, mean(i)])) as Means<Metric>;
}

/** What every line of `metrics.jsonl` says. Everything but `time` is the same in equal runs. */
export interface EpochLine {
  epoch: number;
  /** Steps since the start of the run. */
  step: number;
  /** Steps of this epoch. */
  steps: number;
  learningRate: number;
  time: {
    /** When the line was written, ISO 8601. */
    at: string;
    /** Seconds that this process spent on the epoch's steps. */
    seconds: number;
    /** Rows per second: real images of a GAN. */
    imagesPerSecond: number;
  };
}

/** A line of a GAN's run. */
export interface MetricsLine extends EpochLine, GanMeans {
  modeSeekingWeight: number;
  /** Of a text encoder that is fine-tuned; without it there is none. */
  encoderLearningRate?: number;
}
