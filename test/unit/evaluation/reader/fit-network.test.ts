import { PhiloxStream, PURPOSE } from '../../../../ts/data/philox';
import { fitNetwork } from '../../../../ts/evaluation/reader/fit-network';
import {
  classifyPixels,
  type PixelNetwork,
  restoreNetwork,
  storeNetwork,
} from '../../../../ts/evaluation/reader/pixel-network';

/** A ring and its inside: no line can tell them apart. */
const rows = 1024;
const random = () => new PhiloxStream(3, PURPOSE.evaluation);
const draws = random();
const features = Float32Array.from({ length: rows * 2 }, () => draws.between(-1, 1));
const kinds = Uint8Array.from({ length: rows }, (_, i) =>
  Math.hypot(features[2 * i]!, features[2 * i + 1]!) < 0.6 ? 1 : 0,
);

function learn(epochs: number) {
  const shape = { inputs: 2, kindCount: 4, hidden: [16] };
  return fitNetwork({ features, kinds, ...shape, epochs, learningRate: 0.02, random: random() });
}

function accuracy(network: PixelNetwork): number {
  const probabilities = classifyPixels(network, features);
  const right = [...kinds].filter((kind, i) => {
    const row = [...probabilities.subarray(4 * i, 4 * i + 4)];
    return row.indexOf(Math.max(...row)) === kind;
  });
  return right.length / rows;
}

test('learns a border that is no line; untrained it does not', () => {
  // 71.7 % of the points lie outside the ring of radius 0.6, so that is what saying "outside" would reach.
  expect(accuracy(learn(60))).toBeGreaterThan(0.97);
  expect(accuracy(learn(0))).toBeLessThan(0.8);
});

test('is the same for the same seed, and survives being stored', () => {
  const network = learn(2);
  expect(storeNetwork(learn(2))).toEqual(storeNetwork(network));
  const restored = restoreNetwork(JSON.parse(JSON.stringify(storeNetwork(network))));
  expect(classifyPixels(restored, features)).toEqual(classifyPixels(network, features));
});
