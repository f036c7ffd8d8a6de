import { PhiloxStream } from '../../../../ts/data/philox';
import { type HeadAnswer, scoreHead } from '../../../../ts/evaluation/heads/head-scores';

/** 400 captions of 20 species in turn; species s asks for value s mod 6. */
const answers = (read: (species: number, number: number) => number): HeadAnswer[] =>
  Array.from({ length: 400 }, (_, number) => {
    const species = number % 20;
    return { species, asked: species % 6, read: read(species, number) };
  });

test('who paints what is asked has all of it, and chance against shuffled captions', () => {
  const scores = scoreHead(
    answers((species) => species % 6),
    6,
    0,
  );
  expect(scores.right).toMatchObject({ value: 1, successes: 400, trials: 400 });
  // Of the other 19 species: values 0 and 1 are asked by 3 more (of 4), the others by 2 more (of 3).
  const chance = (8 * (3 / 19) + 12 * (2 / 19)) / 20;
  expect(Math.abs(scores.shuffled.value - chance)).toBeLessThan(0.02);
  expect(scores.above.value).toBeCloseTo(1 - scores.shuffled.value, 12);
  expect(scores.above.low).toBeLessThanOrEqual(scores.above.value);
  expect(scores.above.high).toBeGreaterThanOrEqual(scores.above.value);
  expect(scores.majority).toBeCloseTo(80 / 400);
});

test('who always paints the same has what is asked for as often, and nothing above shuffled', () => {
  const { right, shuffled, above, majority } = scoreHead(
    answers(() => 1),
    6,
    0,
  );
  expect(right.value).toBeCloseTo(0.2);
  expect(majority).toBe(right.value);
  // Shuffling keeps how often each value is asked for: exactly as much is right.
  expect(shuffled.value).toBeCloseTo(0.2, 12);
  expect(above.value).toBeCloseTo(0, 12);
  expect(above.low).toBeLessThan(0);
  expect(above.high).toBeGreaterThan(0);
});

test('who paints at random has nothing above shuffled either', () => {
  const stream = new PhiloxStream(3, 0);
  const { above } = scoreHead(
    answers(() => stream.below(6)),
    6,
    0,
  );
  // 4 standard deviations of 400 draws at 1 of 6 are 7.5 points.
  expect(Math.abs(above.value)).toBeLessThan(0.075);
});

test('what was asked and what was read is counted', () => {
  const { confusion } = scoreHead(
    answers((species, number) => (number < 20 ? 5 : species % 6)),
    6,
    0,
  );
  expect(confusion[0]).toEqual([76, 0, 0, 0, 0, 4]);
  expect(confusion[5]).toEqual([0, 0, 0, 0, 0, 60]);
});
