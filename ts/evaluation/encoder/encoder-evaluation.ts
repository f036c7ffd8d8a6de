import type { Interval, Proportion } from '../statistics';
import type { ClassRanking } from './class-ranking';
import type { Probe } from './probes';
import type { TripleScores } from './triples';

/** The bars of docs/evaluation.md. Shares; `aboveColorWords` is a difference of shares. */
export const ENCODER_BARS = {
  aboveColorWords: 0.1,
  petalColor: 0.9,
  centerColor: 0.85,
  changed: 0.9,
  exchanged: 0.9,
} as const;

export type EncoderBarName = keyof typeof ENCODER_BARS;

export interface EncoderBar {
  bar: number;
  figure: number;
  passed: boolean;
}

/** A probe beside the same probe on n-grams. */
export interface ComparedProbe extends Probe {
  ngrams: Proportion;
}

/** Everything that `evaluateEncoder` measured. Written as JSON it is the machine-readable report. */
export interface EncoderEvaluation {
  format: 'florigen.encoder-evaluation';
  formatVersion: 2;
  encoder: { id: string; fingerprint: string };
  data: { name: string; fingerprint: string; images: number; captions: number; classes: number };
  split: 'validation' | 'test';
  seed: number;
  /** The image features; null for an encoder that shares no space with images. */
  features: { source: string; trainingKnown: boolean } | null;
  /** Built-in flowers alone. */
  sharedColors: {
    species: number;
    /** Species that share petal and center color with another one of the split. */
    sharing: number;
    /** Different pairs of petal and center color. */
    pairs: number;
    /** Top-1 of who knows both colors of every image, and always names the species of the pair with most images. */
    largestOfPair: number;
  } | null;
  /** Images by mean text; null without image features. */
  zeroShot: ClassRanking | null;
  /** The line of color words; null in packs without ground truth. */
  colorWords: ClassRanking | null;
  /** The nearest class mean on image features: the ceiling; null without them. */
  nearestMean: ClassRanking | null;
  /** Top-1 above that of the color words. */
  aboveColorWords: (Interval & { value: number }) | null;
  probes: ComparedProbe[] | null;
  triples: TripleScores | null;
  /** Only what was measured. */
  bars: Partial<Record<EncoderBarName, EncoderBar>>;
  /** True where no measured figure is below its bar. */
  passed: boolean;
}

type Judged = Pick<EncoderEvaluation, 'aboveColorWords' | 'probes' | 'triples'>;

/** Holds the figures against the bars. */
export function judgeEncoder({ aboveColorWords, probes, triples }: Judged): EncoderEvaluation['bars'] {
  const probe = (name: string) => probes?.find(({ attribute }) => attribute === name)?.share.value;
  const figures: Partial<Record<EncoderBarName, number | undefined>> = {
    aboveColorWords: aboveColorWords?.value,
    petalColor: probe('petalColor'),
    centerColor: probe('centerColor'),
    changed: triples?.changed.value,
    exchanged: triples?.exchanged.value,
  };
  const bars: EncoderEvaluation['bars'] = {};
  for (const name of Object.keys(ENCODER_BARS) as EncoderBarName[]) {
    const figure = figures[name];
    if (figure === undefined) continue;
    bars[name] = { bar: ENCODER_BARS[name], figure, passed: figure >= ENCODER_BARS[name] };
  }
  return bars;
}
