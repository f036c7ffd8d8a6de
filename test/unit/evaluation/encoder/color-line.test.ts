import { rankClasses } from '../../../../ts/evaluation/encoder/class-ranking';
import { ColorLine, type ColorSample, discAndRing } from '../../../../ts/evaluation/encoder/color-line';
import { solve } from '../../../../ts/evaluation/linear-system';

const matrix = (...rows: number[][]) => rows.map((row) => Float64Array.from(row));

test('a system whose first pivot is zero is solved, and its matrix is left alone', () => {
  const a = matrix([0, 2, 1], [1, 1, 0], [3, 0, 1]);
  const x = solve(a, matrix([7, 0], [3, 1], [6, 2]));
  // a x = b by hand: x = (1, 2, 3) and (4/5, 1/5, -2/5)
  expect(x.map((row) => [...row].map((value) => Number(value.toFixed(12))))).toEqual([
    [1, 0.8],
    [2, 0.2],
    [3, -0.4],
  ]);
  expect([...a[0]!]).toEqual([0, 2, 1]);
});

test('a disc and a ring about the middle of a picture, and nothing between or outside', () => {
  const side = 100;
  const rgb = new Uint8Array(side * side * 3);
  for (let p = 0; p < side * side; p++) {
    const radius = Math.hypot((p % side) - 49.5, Math.floor(p / side) - 49.5) / side;
    if (radius < 0.1) rgb.set([255, 0, 51], 3 * p);
    else if (radius >= 0.22 && radius < 0.28) rgb.set([0, 102, 255], 3 * p);
    else rgb.set([200, 200, 200], 3 * p);
  }
  expect([...discAndRing(rgb, side)].map((value) => Number(value.toFixed(9)))).toEqual([
    1, 0, 0.2, 0, 0.4, 1,
  ]);
});

/** Colors of disc and ring as numbers; the pictures of a species are all alike. */
const paint = { red: [0.8, 0.1, 0.1], blue: [0.1, 0.4, 0.9], white: [1, 1, 1], yellow: [1, 0.8, 0.2] };
const sample = (classId: number, petal: keyof typeof paint, center: keyof typeof paint): ColorSample => ({
  classId,
  texts: [
    `a flower with ${petal} petals and a ${center} eye`,
    `${petal} petals`,
    `the eye is ${center}, and so on`,
  ],
  values: Float64Array.from([...paint[center], ...paint[petal]]),
});

test('reads pairs of colors that it has never seen, and which of them is where', () => {
  const colors = Object.keys(paint) as (keyof typeof paint)[];
  const pairs = colors.flatMap((petal) => colors.map((center) => [petal, center] as const));
  const unseen = [
    ['red', 'blue'],
    ['blue', 'red'],
    ['white', 'yellow'],
    ['yellow', 'white'],
  ] as const;
  const isUnseen = ([petal, center]: readonly [string, string]) =>
    unseen.some(([p, c]) => p === petal && c === center);
  const training = pairs
    .filter((pair) => !isUnseen(pair))
    .map(([petal, center], i) => sample(100 + i, petal, center));
  const line = new ColorLine(training);
  const samples = unseen.map(([petal, center], i) => sample(i, petal, center));
  const ranking = rankClasses(line.scores(samples, [0, 1, 2, 3]), 0);
  expect(ranking.top1.value).toBe(1);
});

test('a word that training has not is no word', () => {
  const line = new ColorLine([
    sample(0, 'red', 'blue'),
    sample(1, 'white', 'yellow'),
    sample(2, 'blue', 'red'),
  ]);
  expect(line.predict('vermilion petals')).toEqual(line.predict('petals'));
  expect(line.predict('red petals')).not.toEqual(line.predict('petals'));
});
