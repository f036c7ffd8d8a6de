import { rankClasses, topOneDifference } from '../../../../ts/evaluation/encoder/class-ranking';

/** Five images of three classes, two, two and one; rows are images, columns the classes 10, 20, 30. */
const table = {
  classes: [10, 20, 30],
  labels: [10, 10, 20, 20, 30],
  scores: Float64Array.from([
    ...[9, 1, 0], // right
    ...[3, 3, 1], // equal scores: the lower class, right
    ...[5, 5, 5], // equal scores: the lower class, wrong
    ...[2, 8, 7], // right
    ...[4, 0, 6], // right
  ]),
};

test('top-1 over images; of equal scores the lower class goes first', () => {
  const { top1, perClass } = rankClasses(table, 0);
  expect(top1).toMatchObject({ value: 4 / 5, successes: 4, trials: 5 });
  expect(perClass.map(({ classId, images, right }) => [classId, images, right])).toEqual([
    [10, 2, 2],
    [20, 2, 1],
    [30, 1, 1],
  ]);
});

test('AP@k by hand: ranks of each class, mean over classes, and what can be reached', () => {
  // Ranked for 10: images 0, 2, 4, 1, 3; for 20: 3, 2, 1, 0, 4; for 30: 3, 4, 2, 1, 0.
  const { ap, perClass } = rankClasses(table, 0);
  expect(perClass.map((one) => one.ap)).toEqual([
    [1, 2 / 5, 2 / 10, 2 / 50],
    [1, 2 / 5, 2 / 10, 2 / 50],
    [0, 1 / 5, 1 / 10, 1 / 50],
  ]);
  expect(ap.map(({ k }) => k)).toEqual([1, 5, 10, 50]);
  expect(ap[0]!.value).toBeCloseTo(2 / 3);
  expect(ap[1]!.value).toBeCloseTo(1 / 3);
  expect(ap[0]!.attainable).toBe(1);
  expect(ap[1]!.attainable).toBeCloseTo((2 / 5 + 2 / 5 + 1 / 5) / 3);
  expect(ap[0]!.low).toBeLessThan(2 / 3);
  expect(ap[0]!.high).toBe(1);
});

test('of equal scores the lower image is ranked first', () => {
  const flat = { classes: [1, 2], labels: [1, 2, 2, 2, 2, 2], scores: new Float64Array(12) };
  // The first five images are 1, 2, 2, 2, 2 for both classes.
  expect(rankClasses(flat, 0).perClass.map(({ ap }) => [ap[0], ap[1]])).toEqual([
    [1, 1 / 5],
    [0, 4 / 5],
  ]);
});

test('a difference is of the same images, and is none to itself', () => {
  const ranking = rankClasses(table, 0);
  const worse = rankClasses({ ...table, scores: table.scores.map((score) => -score) }, 0);
  expect(topOneDifference(ranking, ranking, 0)).toEqual({ value: 0, low: 0, high: 0 });
  // Turned around: equal scores still give 10 to images 1 and 2, image 3 gets 10, 0 gets 30, 4 gets 20.
  expect(worse.top1.successes).toBe(0);
  expect(topOneDifference(ranking, worse, 0)).toMatchObject({ value: 4 / 5, low: 0.5, high: 1 });
});
