import { FeatureMoments } from '../../../ts/models/feature-whitening';

/** Rows that vary much along one direction, little along another, and not at all along a third; the mean is not 0. */
function rowsOf(count: number): number[][] {
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = [Math.sin(i * 1.7), Math.cos(i * i * 0.3)];
    return [5 + 30 * a + 0.2 * b, 1 + 30 * a - 0.2 * b, 7 + 0.1 * b];
  });
}
const rows = rowsOf(400);
const width = 3;

function measured(some: readonly number[][] = rows) {
  const moments = new FeatureMoments(width);
  moments.add(Float32Array.from(some.slice(0, 100).flat()));
  moments.add(Float32Array.from(some.slice(100).flat()));
  return moments;
}

/** Mean and covariance of whitened rows. */
function afterwards(most: number) {
  const features = Float32Array.from(rows.flat());
  measured().whitening(most).apply(features);
  const at = (row: number, k: number) => features[row * width + k]!;
  const over = (value: (row: number) => number) =>
    rows.reduce((sum, _, row) => sum + value(row), 0) / rows.length;
  const means = [0, 1, 2].map((k) => over((row) => at(row, k)));
  const covariance = [0, 1, 2].map((i) => [0, 1, 2].map((j) => over((row) => at(row, i) * at(row, j))));
  return { means, covariance };
}
const trace = (matrix: number[][]) => matrix.reduce((sum, row, i) => sum + row[i]!, 0);

test('what varies has deviation 1 along each direction that is kept, however much it varied', () => {
  for (const most of [1, 2]) {
    const { means, covariance } = afterwards(most);
    for (const mean of means) expect(mean).toBeCloseTo(0, 4);
    // A projection on as many directions: its square is itself.
    expect(trace(covariance)).toBeCloseTo(most, 3);
    const squared = covariance.map((row) =>
      [0, 1, 2].map((j) => row.reduce((sum, value, k) => sum + value * covariance[k]![j]!, 0)),
    );
    squared.forEach((row, i) => {
      row.forEach((value, j) => {
        expect(value).toBeCloseTo(covariance[i]![j]!, 3);
      });
    });
  }
  // The direction that is kept alone is that of the two numbers which vary most, and vary together.
  const [first, second] = afterwards(1).covariance;
  expect(first![0]).toBeCloseTo(0.5, 2);
  expect(second![0]).toBeCloseTo(0.5, 2);
});

test('directions along which nothing varies are left out', () => {
  expect(measured().whitening(3).directions).toHaveLength(2);
  const [large, small] = measured().whitening(3).directions;
  expect(large!.deviation).toBeGreaterThan(10 * small!.deviation);
});

test('rows that do not vary at all become 0', () => {
  const moments = new FeatureMoments(2);
  moments.add(Float32Array.from([2, 3, 2, 3]));
  const features = Float32Array.from([2, 4]);
  moments.whitening(2).apply(features);
  expect([...features]).toEqual([0, 0]);
});

test('network and whitening both change the fingerprint', () => {
  const other = measured(rowsOf(300)).whitening(2);
  const prints = [
    measured().whitening(2).fingerprint('a'),
    measured().whitening(2).fingerprint('b'),
    measured().whitening(1).fingerprint('a'),
    other.fingerprint('a'),
  ];
  expect(new Set(prints).size).toBe(4);
  expect(measured().whitening(2).fingerprint('a')).toBe(prints[0]);
});
