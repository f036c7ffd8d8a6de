import { FeatureMoments } from '../../../ts/models/feature-scale';

const rows = [
  [1, 10, 5, 0],
  [3, 30, 5, 1e-3],
  [5, 20, 5, 0],
];

function measured() {
  const moments = new FeatureMoments(4);
  moments.add(Float32Array.from(rows[0]!));
  moments.add(Float32Array.from([...rows[1]!, ...rows[2]!]));
  return moments.scale();
}

test('each number gets mean 0 and deviation 1 over the rows that were summed, in however many parts', () => {
  const features = Float32Array.from(rows.flat());
  measured().apply(features);
  for (const k of [0, 1]) {
    const column = rows.map((_, row) => features[row * 4 + k]!);
    expect(column.reduce((a, b) => a + b)).toBeCloseTo(0, 5);
    expect(column.reduce((a, b) => a + b * b, 0) / 3).toBeCloseTo(1, 5);
  }
});

test('a number that never varies becomes 0, and one that hardly varies is not blown up', () => {
  const features = Float32Array.from(rows.flat());
  measured().apply(features);
  expect(rows.map((_, row) => features[row * 4 + 2]!)).toEqual([0, 0, 0]);
  expect(Math.abs(features[7]!)).toBeLessThan(0.01);
});

test('rows that do not vary at all stay finite', () => {
  const moments = new FeatureMoments(2);
  moments.add(Float32Array.from([2, 3]));
  const features = Float32Array.from([2, 4]);
  moments.scale().apply(features);
  expect([...features]).toEqual([0, 1]);
});

test('network and scale both change the fingerprint', () => {
  const other = new FeatureMoments(4);
  other.add(Float32Array.from(rows[0]!));
  const prints = [measured().fingerprint('a'), measured().fingerprint('b'), other.scale().fingerprint('a')];
  expect(new Set(prints).size).toBe(3);
  expect(measured().fingerprint('a')).toBe(prints[0]);
});
