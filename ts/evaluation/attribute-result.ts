import type { ColorScores, GradientScores, TwinScores } from './color-scores';
import type { Diversity } from './diversity';
import type { HeadsResult } from './heads/measure-heads';
import type { ReferenceLine } from './reference-line';
import type { Proportion } from './statistics';

/** Shares, but for diversity, which is a ratio, and for number or shape, which is a difference of shares. */
export const BARS = { petal: 0.95, center: 0.8, reader: 0.98, diversity: 0.5, numberOrShape: 0.2 } as const;

export type BarName = keyof typeof BARS;

/**
 * `passed`; `failed`; or `handed on`: the figure is below the bar, but so is what a linear classifier reads from the
 * embedding, and the bar passes to a better text encoder.
 */
export type Verdict = 'passed' | 'failed' | 'handed on';

export interface BarOutcome {
  bar: number;
  figure: number;
  verdict: Verdict;
}

/** The colors found in a set of pictures, and in the same pictures against captions of other species. */
export interface ColorLine {
  scores: ColorScores;
  captions: number;
}

/** Everything that `evaluateAttributes` measured. Written as JSON it is the machine-readable report. */
export interface AttributeResult {
  format: 'florigen.attribute-evaluation';
  formatVersion: 3;
  painter: string;
  split: 'validation' | 'test';
  seed: number;
  /** True for a look in between on a third of the captions; never a final figure. */
  quick: boolean;
  catalogueVersion: number;
  /** SHA-256 over the captions of the split, in order. */
  captionsDigest: string;
  species: number;
  /** Plain captions and twins together: the bars are set on these. */
  all: ColorLine;
  plain: ColorLine;
  twins: ColorLine & { pairs: TwinScores };
  heldOut: ColorLine;
  /** All pictures, each read against the caption of another species: chance. */
  shuffled: ColorLine;
  gradient: { scores: GradientScores; captions: number };
  diversity: Diversity;
  /** Real renders of the split, from the pack. */
  reader: { petal: Proportion; center: Proportion; both: Proportion; gradient: GradientScores };
  /** The renderer asked for the same captions; null where it was not asked for. */
  attainable: { all: ColorScores; gradient: GradientScores } | null;
  /** Null where no encoder was given. */
  reference: ReferenceLine | null;
  /** Null where no feature network was given. */
  heads: HeadsResult | null;
  /** `numberOrShape` where it was measured: the better of the two, above shuffled captions. */
  bars: Record<Exclude<BarName, 'numberOrShape'>, BarOutcome> & { numberOrShape?: BarOutcome };
  passed: boolean;
}

type Judged = Pick<AttributeResult, 'all' | 'reader' | 'diversity' | 'reference' | 'heads'>;

/** Holds the figures against the bars. */
export function judge({ all, reader, diversity, reference, heads }: Judged): AttributeResult['bars'] {
  const outcome = (name: BarName, figure: number, ceiling = 1): BarOutcome => {
    const bar = BARS[name];
    const verdict = figure >= bar ? 'passed' : ceiling < bar ? 'handed on' : 'failed';
    return { bar, figure, verdict };
  };
  return {
    petal: outcome('petal', all.scores.petal.value, reference?.petal.value),
    center: outcome('center', all.scores.center.value, reference?.center.value),
    reader: outcome('reader', reader.both.value),
    diversity: outcome('diversity', diversity.ratio),
    ...(heads && { numberOrShape: outcome('numberOrShape', bestAbove(heads)) }),
  };
}

function bestAbove({ scores }: HeadsResult): number {
  return Math.max(scores.petalCount.above.value, scores.petalShape.above.value);
}
