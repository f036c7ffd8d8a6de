import { PhiloxStream, PURPOSE } from '../../data/philox';
import { EVALUATION_PASS } from '../statistics';

/** The key of the shuffles; part of the measure, never an option. */
const SHUFFLE_SEED = 1;

/**
 * Orders of the places 0 to n - 1 in which no place holds one of its own group (species), the same in every evaluation.
 * Each is a permutation, so every place is held once and what is asked for is asked as often as before.
 * @param groups the group of each place; none may have half of them
 */
export function derangements(groups: readonly number[], count: number): number[][] {
  return Array.from({ length: count }, (_, row) => {
    const stream = new PhiloxStream(SHUFFLE_SEED, PURPOSE.evaluation, {
      pass: EVALUATION_PASS.headShuffles,
      row,
    });
    return separate(shuffled(groups.length, stream), groups, stream);
  });
}

function shuffled(length: number, stream: PhiloxStream): number[] {
  const order = [...Array(length).keys()];
  for (let i = length - 1; i > 0; i--) exchange(order, i, stream.below(i + 1));
  return order;
}

/** Every place that holds one of its own group exchanges it with a place drawn at random, where that helps both. */
function separate(order: number[], groups: readonly number[], stream: PhiloxStream): number[] {
  const group = (place: number) => groups[order[place]!]!;
  for (const place of order.keys()) {
    while (group(place) === groups[place]) {
      const other = stream.below(order.length);
      if (group(other) !== groups[place] && group(place) !== groups[other]) exchange(order, place, other);
    }
  }
  return order;
}

function exchange(order: number[], one: number, other: number): void {
  [order[one], order[other]] = [order[other]!, order[one]!];
}
