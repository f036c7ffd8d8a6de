import { COLOR_NAMES, type ColorName } from '../data/flowers/palette';
import type { AttributeCaption } from './attribute-captions';
import type { FlowerReading } from './reader/color-reader';
import { type Proportion, proportion } from './statistics';

/** What was asked and what was read, for one picture. */
export interface ColorAnswer {
  caption: AttributeCaption;
  reading: FlowerReading;
}

/** Counts `[asked][read]` in the order of `COLOR_NAMES`; the last column is "no such region". */
export type Confusion = number[][];

export interface ColorScores {
  petal: Proportion;
  center: Proportion;
  /** Both colors of one picture. */
  both: Proportion;
  /** Petal in the center's color and center in the petals': the mistake that twins are made to show. */
  swapped: Proportion;
  petalConfusion: Confusion;
  centerConfusion: Confusion;
}

/** Scores of pictures with one petal color; intervals take species as clusters. */
export function scoreColors(answers: ColorAnswer[], seed: number): ColorScores {
  const share = (right: (answer: ColorAnswer) => boolean) =>
    proportion(
      answers.map((answer) => ({ cluster: answer.caption.species, success: right(answer) })),
      seed,
    );
  return {
    petal: share(petalRight),
    center: share(centerRight),
    both: share((answer) => petalRight(answer) && centerRight(answer)),
    swapped: share(
      ({ caption, reading }) =>
        reading.petal.color === caption.center && reading.center.color === caption.petal,
    ),
    petalConfusion: confusion(answers.map((a) => [a.caption.petal, a.reading.petal.color])),
    centerConfusion: confusion(answers.map((a) => [a.caption.center, a.reading.center.color])),
  };
}

export interface TwinScores {
  /** Pairs in which caption and twin both got both colors: what a painter that ignores word order cannot do. */
  bothRight: Proportion;
  pairs: number;
}

/** Scores of captions together with their twins, which carry the same numbers. */
export function scoreTwins(originals: ColorAnswer[], twins: ColorAnswer[], seed: number): TwinScores {
  const right = (answer: ColorAnswer) => petalRight(answer) && centerRight(answer);
  const byNumber = new Map(originals.map((answer) => [answer.caption.number, answer]));
  const observations = twins.map((twin) => {
    const original = byNumber.get(twin.caption.number)!;
    return { cluster: original.caption.species, success: right(original) && right(twin) };
  });
  return { bothRight: proportion(observations, seed), pairs: twins.length };
}

export interface GradientScores {
  /** The color at the foot of the petals, read from the inner fifth of the petal pixels; much of it is hidden. */
  base: Proportion;
  /** The color at the tips, read from the outer half. */
  tip: Proportion;
  center: Proportion;
}

/** Scores of pictures whose captions name two petal colors. */
export function scoreGradients(answers: ColorAnswer[], seed: number): GradientScores {
  const share = (right: (answer: ColorAnswer) => boolean) =>
    proportion(
      answers.map((answer) => ({ cluster: answer.caption.species, success: right(answer) })),
      seed,
    );
  return {
    base: share(({ caption, reading }) => reading.innerPetal.color === caption.petal),
    tip: share(({ caption, reading }) => reading.outerPetal.color === caption.tip),
    center: share(centerRight),
  };
}

export function petalRight({ caption, reading }: ColorAnswer): boolean {
  return reading.petal.color === caption.petal;
}

export function centerRight({ caption, reading }: ColorAnswer): boolean {
  return reading.center.color === caption.center;
}

function confusion(pairs: [asked: ColorName, read: ColorName | null][]): Confusion {
  const counts = COLOR_NAMES.map(() => new Array<number>(COLOR_NAMES.length + 1).fill(0));
  for (const [asked, read] of pairs) {
    counts[COLOR_NAMES.indexOf(asked)]![read === null ? COLOR_NAMES.length : COLOR_NAMES.indexOf(read)]!++;
  }
  return counts;
}
