import { classify } from '../../../ts/evaluation/logistic-regression';
import { fitRidgeClassifiers } from '../../../ts/evaluation/ridge-classifier';

const COLUMNS = 3;
/** Three classes at the corners of a triangle; the last feature is the sum of the others, so that X'X is singular. */
const corners = [0, 1, 0, 0.9, 1, 0, 0.9, 0, -1, -1, -0.9, -1.2];
const features = Float32Array.from({ length: 18 }, (_, i) => {
  const row = Math.floor(i / COLUMNS);
  const [x, y] = [corners[2 * row]!, corners[2 * row + 1]!];
  return [x, y, x + y][i % COLUMNS]!;
});
const labels = [0, 0, 1, 1, 2, 2];
const classifiersOf = (rows: Float32Array, penalties: number[]) =>
  fitRidgeClassifiers({ features: rows, featureCount: COLUMNS, labels, classCount: 3, penalties });

describe('fitRidgeClassifiers', () => {
  test('solves the normal equations of every penalty, with a free bias', async () => {
    const penalties = [0.01, 0.5];
    const classifiers = await classifiersOf(features, penalties);
    const means = [0, 1, 2].map((k) =>
      [0, 1, 2, 3, 4, 5].reduce((sum, row) => sum + features[row * 3 + k]! / 6, 0),
    );
    const scatter = features.reduce((sum, value, i) => sum + (value - means[i % 3]!) ** 2, 0);
    for (const [i, { weights, bias }] of classifiers.entries())
      for (let c = 0; c < 3; c++) {
        const residuals = labels.map(
          (label, row) =>
            bias[c]! +
            [0, 1, 2].reduce((sum, k) => sum + weights[c * 3 + k]! * features[row * 3 + k]!, 0) -
            (label === c ? 1 : 0),
        );
        expect(residuals.reduce((a, b) => a + b)).toBeCloseTo(0, 10);
        for (let k = 0; k < 3; k++) {
          const gradient = residuals.reduce((sum, r, row) => sum + r * features[row * 3 + k]!, 0);
          expect(gradient + penalties[i]! * (scatter / 3) * weights[c * 3 + k]!).toBeCloseTo(0, 10);
        }
      }
  });

  test('tells the classes apart, whatever the scale of the features is', async () => {
    const [small] = await classifiersOf(features, [0.01]);
    const large = features.map((value) => value * 1000);
    const [scaled] = await classifiersOf(large, [0.01]);
    expect([...classify(small!, features)]).toEqual(labels);
    expect([...classify(scaled!, large)]).toEqual(labels);
    expect(scaled!.weights[0]! * 1000).toBeCloseTo(small!.weights[0]!, 6);
  });

  test('asks that all rows of a class score alike, where a line between the rows seen would do', async () => {
    // The class is the first feature; the second goes with it in the rows seen, and is larger.
    const seen = new Float32Array([1, 4, 1, 1, -1, -1, -1, -4, 1, 2.5, -1, -2.5]);
    const [classifier] = await fitRidgeClassifiers({
      ...{ features: seen, featureCount: 2, labels: [0, 0, 1, 1, 0, 1], classCount: 2, penalties: [1e-4] },
    });
    expect([...classify(classifier!, new Float32Array([1, -4, -1, 4]))]).toEqual([0, 1]);
  });

  test('stops where it is asked to', async () => {
    const signal = AbortSignal.abort();
    const options = { features, featureCount: COLUMNS, labels, classCount: 3, penalties: [0.1], signal };
    await expect(fitRidgeClassifiers(options)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
