import { clusterBootstrap, type Interval, type Proportion, proportion } from '../statistics';
import { derangements } from './derangement';

/** Shuffles of the captions that chance is averaged over. */
export const SHUFFLES = 20;

/** One picture: the place of the value that was asked for, and of the one that the head read. */
export interface HeadAnswer {
  species: number;
  asked: number;
  read: number;
}

export interface HeadScores {
  /** The head reads what was asked for. */
  right: Proportion;
  /** The same readings against the captions of other species, averaged over the shuffles. */
  shuffled: Interval & { value: number };
  /** `right` less `shuffled`. */
  above: Interval & { value: number };
  /** The share of the value that is asked for most: who always paints it has this. */
  majority: number;
  /** Counts `[asked][read]`. */
  confusion: number[][];
}

/** Scores of the pictures of one set of captions, in its order; intervals take species as clusters. */
export function scoreHead(answers: readonly HeadAnswer[], values: number, seed: number): HeadScores {
  const chances = chanceOf(answers);
  const confusion = Array.from({ length: values }, () => Array<number>(values).fill(0));
  for (const { asked, read } of answers) confusion[asked]![read]!++;
  const askedMost = Math.max(...confusion.map((row) => row.reduce((a, b) => a + b, 0)));
  const observations = answers.map(({ species, asked, read }) => ({
    cluster: species,
    success: asked === read,
  }));
  return {
    right: proportion(observations, seed),
    shuffled: meanOf(answers, chances, seed),
    above: meanOf(
      answers,
      chances.map((chance, i) => Number(observations[i]!.success) - chance),
      seed,
    ),
    majority: askedMost / answers.length,
    confusion,
  };
}

/** For each picture the share of shuffles in which what was read in it is asked for in its place. */
function chanceOf(answers: readonly HeadAnswer[]): number[] {
  const orders = derangements(
    answers.map(({ species }) => species),
    SHUFFLES,
  );
  return answers.map(
    ({ read }, i) => orders.filter((order) => answers[order[i]!]!.asked === read).length / SHUFFLES,
  );
}

/** The mean of a number for each picture, with a bootstrap over species. */
function meanOf(
  answers: readonly HeadAnswer[],
  values: readonly number[],
  seed: number,
): HeadScores['shuffled'] {
  const totals = new Map<number, { numerator: number; denominator: number }>();
  for (const [i, { species }] of answers.entries()) {
    const total = totals.get(species) ?? { numerator: 0, denominator: 0 };
    totals.set(species, {
      numerator: total.numerator + values[i]!,
      denominator: total.denominator + 1,
    });
  }
  const sum = values.reduce((a, b) => a + b, 0);
  return { value: sum / answers.length, ...clusterBootstrap([...totals.values()], seed) };
}
