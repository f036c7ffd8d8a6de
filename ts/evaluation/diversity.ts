import type { Painting } from './painter';
import { clusterBootstrap, type Interval, mean } from './statistics';

/** The absolute difference of two pictures of one species, averaged over pixels and channels, in [0, 1]. */
export interface PairDifference {
  species: number;
  difference: number;
}

export interface Diversity extends Interval {
  /** Painted difference over rendered difference; NaN without pairs. */
  ratio: number;
  /** Mean over the pairs of two noises of one caption. */
  painted: number;
  /** Mean over the pairs of two renders of one species. */
  rendered: number;
  paintedPairs: number;
  renderedPairs: number;
}

/** Mean absolute difference of two pictures of the same side, bytes scaled to [0, 1]. */
export function meanAbsoluteDifference(a: Painting, b: Painting): number {
  let sum = 0;
  for (let i = 0; i < a.rgb.length; i++) sum += Math.abs(a.rgb[i]! - b.rgb[i]!);
  return sum / (a.rgb.length * 255);
}

/**
 * The ratio of the two means, each species of equal weight in both, with a bootstrap over species. Species without a
 * pair on either side are left out.
 */
export function diversity(painted: PairDifference[], rendered: PairDifference[], seed: number): Diversity {
  const known = new Set(rendered.map((pair) => pair.species));
  const species = [...new Set(painted.map((pair) => pair.species))].filter((id) => known.has(id));
  const rows = species.map((id) => ({
    painted: mean(painted.filter((pair) => pair.species === id).map((pair) => pair.difference)),
    rendered: mean(rendered.filter((pair) => pair.species === id).map((pair) => pair.difference)),
  }));
  const paintedMean = mean(rows.map((row) => row.painted));
  const renderedMean = mean(rows.map((row) => row.rendered));
  return {
    ratio: paintedMean / renderedMean,
    painted: paintedMean,
    rendered: renderedMean,
    paintedPairs: painted.length,
    renderedPairs: rendered.length,
    ...clusterBootstrap(
      rows.map((row) => ({ numerator: row.painted, denominator: row.rendered })),
      seed,
    ),
  };
}
