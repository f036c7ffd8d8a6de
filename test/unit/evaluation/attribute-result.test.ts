import { type AttributeResult, judge } from '../../../ts/evaluation/attribute-result';

/** Figures as `judge` sees them; NaN stands for a line that was not measured. */
function judged(petal: number, center: number, reference: { petal: number; center: number } | null) {
  return judge({
    all: { scores: { petal: { value: petal }, center: { value: center } } },
    reader: { both: { value: 0.98 } },
    diversity: { ratio: Number.NaN },
    reference: reference && { petal: { value: reference.petal }, center: { value: reference.center } },
  } as unknown as AttributeResult);
}

test('a bar is passed at the bar, and missed below it or without a figure', () => {
  const bars = judged(0.95, 0.799, null);
  expect(bars.petal.verdict).toBe('passed');
  expect(bars.center.verdict).toBe('failed');
  expect(bars.reader.verdict).toBe('passed');
  expect(bars.diversity.verdict).toBe('failed');
});

test('a bar passes to the next encoder only where the linear classifier is below it, too', () => {
  expect(judged(0.9, 0.7, { petal: 0.94, center: 0.81 })).toMatchObject({
    petal: { verdict: 'handed on' },
    center: { verdict: 'failed' },
  });
  expect(judged(0.96, 0.9, { petal: 0.5, center: 0.5 }).petal.verdict).toBe('passed');
});

test('number or shape: the better of the two has a bar, where they were measured', () => {
  const measured = (petalCount: number, petalShape: number) =>
    judge({
      all: { scores: { petal: { value: 1 }, center: { value: 1 } } },
      ...{ reader: { both: { value: 1 } }, diversity: { ratio: 1 }, reference: null },
      heads: {
        scores: {
          petalCount: { above: { value: petalCount } },
          petalShape: { above: { value: petalShape } },
        },
      },
    } as unknown as AttributeResult).numberOrShape;
  expect(measured(0.2, -0.1)).toEqual({ bar: 0.2, figure: 0.2, verdict: 'passed' });
  expect(measured(0.1, 0.25)).toMatchObject({ figure: 0.25, verdict: 'passed' });
  expect(measured(0.199, 0.1)).toMatchObject({ verdict: 'failed' });
  expect(judged(1, 1, null)).not.toHaveProperty('numberOrShape');
});
