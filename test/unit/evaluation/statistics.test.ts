import { clusterBootstrap, proportion, quantile, wilsonInterval } from '../../../ts/evaluation/statistics';

describe('wilsonInterval', () => {
  // The closed form, evaluated in Python.
  test.each([
    [95, 100, 0.888249, 0.978456],
    [0, 10, 0, 0.277533],
    [10, 10, 0.722467, 1],
    [3, 20, 0.052369, 0.360419],
  ])('%d of %d', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low).toBeCloseTo(low, 5);
    expect(interval.high).toBeCloseTo(high, 5);
  });

  test('says nothing where there is no trial', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('quantile', () => {
  test('interpolates as numpy does by default', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 0.025)).toBeCloseTo(1.075, 12);
    expect(quantile([7], 0.9)).toBe(7);
  });
});

describe('clusterBootstrap', () => {
  test('is the same for the same seed, and wider where clusters differ than where they agree', () => {
    const alike = Array.from({ length: 20 }, () => ({ numerator: 5, denominator: 10 }));
    const apart = Array.from({ length: 20 }, (_, i) => ({ numerator: i % 2 ? 10 : 0, denominator: 10 }));
    expect(clusterBootstrap(apart, 3)).toEqual(clusterBootstrap(apart, 3));
    expect(clusterBootstrap(alike, 3)).toEqual({ low: 0.5, high: 0.5 });
    const interval = clusterBootstrap(apart, 3);
    // The mean of 20 fair coins lies in 0.5 +- 1.96 * 0.5 / sqrt(20) = 0.5 +- 0.22 with 95 %.
    expect(interval.low).toBeGreaterThan(0.2);
    expect(interval.low).toBeLessThan(0.36);
    expect(interval.high).toBeGreaterThan(0.64);
    expect(interval.high).toBeLessThan(0.8);
  });
});

describe('proportion', () => {
  test('takes the wider interval: over species where they differ, Wilson where all agree', () => {
    const same = Array.from({ length: 100 }, (_, i) => ({ cluster: i % 5, success: true }));
    expect(proportion(same, 1)).toMatchObject({
      value: 1,
      successes: 100,
      trials: 100,
      low: wilsonInterval(100, 100).low,
    });
    const clustered = Array.from({ length: 100 }, (_, i) => ({ cluster: i % 5, success: i % 5 < 3 }));
    expect(proportion(clustered, 1).low).toBeLessThan(wilsonInterval(60, 100).low);
  });
});
