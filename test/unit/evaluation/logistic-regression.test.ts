import { PhiloxStream, PURPOSE } from '../../../ts/data/philox';
import { classify, fitLogisticRegression } from '../../../ts/evaluation/logistic-regression';

const random = () => new PhiloxStream(1, PURPOSE.evaluation);

/** Two features, three classes at the corners of a triangle; the last feature is noise that alternates. */
const features = new Float32Array([
  0, 1, 0.1, 0, 0.9, -0.1, 1, 0, 0.1, 0.9, 0, -0.1, -1, -1, 0.1, -0.9, -1, -0.1,
]);
const labels = [0, 0, 1, 1, 2, 2];

describe('fitLogisticRegression', () => {
  test('reaches the minimum: the gradient there vanishes', async () => {
    const l2 = 0.01;
    const fit = await fitLogisticRegression({
      features,
      featureCount: 3,
      labels,
      classCount: 3,
      l2,
      epochs: 3000,
      learningRate: 0.05,
      random: random(),
    });
    // Gradient of mean cross-entropy + l2/2 |W|^2, written out again independently.
    const gradient = new Float64Array(9);
    for (let row = 0; row < 6; row++) {
      const x = features.subarray(row * 3, row * 3 + 3);
      const scores = [0, 1, 2].map((c) =>
        Math.exp(fit.bias[c]! + x.reduce((sum, value, f) => sum + value * fit.weights[c * 3 + f]!, 0)),
      );
      const total = scores.reduce((a, b) => a + b);
      for (let c = 0; c < 3; c++) {
        const error = (scores[c]! / total - (labels[row] === c ? 1 : 0)) / 6;
        for (let f = 0; f < 3; f++) gradient[c * 3 + f]! += error * x[f]!;
      }
    }
    gradient.forEach((value, i) => {
      expect(Math.abs(value + l2 * fit.weights[i]!)).toBeLessThan(1e-6);
    });
  });

  test('tells classes apart that a line separates, and not the ones that it cannot', async () => {
    const fit = await fitLogisticRegression({
      features,
      featureCount: 3,
      labels,
      classCount: 3,
      l2: 1e-3,
      epochs: 300,
      learningRate: 0.05,
      random: random(),
    });
    expect([...classify(fit, features)]).toEqual(labels);
    const xor = new Float32Array([0, 0, 1, 1, 0, 1, 1, 0]);
    const lost = await fitLogisticRegression({
      features: xor,
      featureCount: 2,
      labels: [0, 0, 1, 1],
      classCount: 2,
      l2: 1e-3,
      epochs: 300,
      learningRate: 0.05,
      random: random(),
    });
    const right = [...classify(lost, xor)].filter((c, i) => c === [0, 0, 1, 1][i]).length;
    expect(right).toBeLessThanOrEqual(3);
  });
});
