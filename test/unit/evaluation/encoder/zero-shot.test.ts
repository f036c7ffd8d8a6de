import { rankClasses } from '../../../../ts/evaluation/encoder/class-ranking';
import { groupMeans, nearestMeanScores, textScores } from '../../../../ts/evaluation/encoder/zero-shot';

const rows = (width: number, ...values: number[]) => ({ data: Float32Array.from(values), width });

test('a class is the mean of all its rows; rows of others do not count', () => {
  const means = groupMeans(rows(2, 1, 2, 3, 4, 100, 100, 10, 0), [7, 7, 8, 9], [9, 7]);
  expect([...means.data]).toEqual([10, 0, 2, 3]);
});

test('scores are dot products: a longer text wins, though another points the same way', () => {
  const texts = rows(2, 3, 0, 0, 1);
  const { scores } = textScores(rows(2, 1, 1, -1, 2), [0, 1], texts, [0, 1]);
  expect([...scores]).toEqual([3, 1, -3, 2]);
});

describe('the nearest class mean', () => {
  test('is of the other images: an image does not vote for itself', () => {
    // Class 0 has 0 and 10, class 1 has 4 and 5. With itself 10 would be nearest to the mean 5; without, its class is at 0.
    const table = nearestMeanScores(rows(1, 0, 10, 4, 5), [0, 0, 1, 1], [0, 1]);
    const expected = [100, 4.5 ** 2, 100, 5.5 ** 2, 1, 1, 0, 1];
    expected.splice(4, 4, (4 - 5) ** 2, (4 - 5) ** 2, (5 - 5) ** 2, (5 - 4) ** 2);
    expect([...table.scores].map((score) => -score + 0)).toEqual(expected);
  });
  test('a class of one image is never right', () => {
    const table = nearestMeanScores(rows(1, 3, 0, 1), [5, 6, 6], [5, 6]);
    expect(table.scores[0]).toBe(Number.NEGATIVE_INFINITY);
    expect(rankClasses(table, 0).top1.successes).toBe(2);
  });
});
