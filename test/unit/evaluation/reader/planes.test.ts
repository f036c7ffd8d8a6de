import { boxMean, frameMean, largestComponent, sumPlane } from '../../../../ts/evaluation/reader/planes';

const size = 6;
const plane = Float32Array.from({ length: size * size }, (_, i) => ((i * 7) % 11) - 3);

/** Mean of the plane over all pixels that a test picks. */
function meanWhere(inside: (x: number, y: number) => boolean): number {
  const values = [...plane].filter((_, p) => inside(p % size, Math.floor(p / size)));
  return values.reduce((a, b) => a + b, 0) / values.length;
}

test('boxMean averages the square round a pixel, cut at the edges', () => {
  const means = boxMean(sumPlane(plane, size), 2);
  for (const [x0, y0] of [
    [0, 0],
    [3, 2],
    [5, 1],
  ] as const) {
    const naive = meanWhere((x, y) => Math.abs(x - x0) <= 2 && Math.abs(y - y0) <= 2);
    expect(means[y0 * size + x0]).toBeCloseTo(naive, 5);
  }
});

test('frameMean averages the rim', () => {
  const naive = meanWhere((x, y) => Math.min(x, y, size - 1 - x, size - 1 - y) < 2);
  expect(frameMean(sumPlane(plane, size), 2)).toBeCloseTo(naive, 10);
});

test('largestComponent keeps the largest set of touching pixels; corners do not touch', () => {
  const member = [...[1, 1, 0, 0], ...[0, 0, 1, 0], ...[1, 0, 1, 1], ...[1, 0, 0, 0]];
  expect([...largestComponent(member, 4)]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0]);
  // The right arm of a U is reached only by going up.
  const arms = [...[1, 0, 1, 0], ...[1, 0, 1, 0], ...[1, 1, 1, 0], ...[0, 0, 0, 1]];
  expect([...largestComponent(arms, 4)]).toEqual([...arms.slice(0, 15), 0]);
  expect([...largestComponent(new Uint8Array(16), 4)]).toEqual(new Array(16).fill(0));
});
