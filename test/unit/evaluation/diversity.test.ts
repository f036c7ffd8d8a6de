import { diversity, meanAbsoluteDifference } from '../../../ts/evaluation/diversity';

test('meanAbsoluteDifference is 0 for a picture and itself, 1 for black and white', () => {
  const black = { rgb: new Uint8Array(12), side: 2 };
  const white = { rgb: new Uint8Array(12).fill(255), side: 2 };
  expect(meanAbsoluteDifference(black, black)).toBe(0);
  expect(meanAbsoluteDifference(black, white)).toBe(1);
});

test('diversity divides means, species by species, and leaves out species that were not rendered twice', () => {
  const painted = [
    { species: 1, difference: 0.1 },
    { species: 1, difference: 0.3 },
    { species: 2, difference: 0.1 },
    { species: 3, difference: 9 },
  ];
  const rendered = [
    { species: 1, difference: 0.4 },
    { species: 2, difference: 0.2 },
    { species: 4, difference: 9 },
  ];
  const result = diversity(painted, rendered, 0);
  expect(result.painted).toBeCloseTo(0.15, 12);
  expect(result.rendered).toBeCloseTo(0.3, 12);
  expect(result.ratio).toBeCloseTo(0.5, 12);
  expect(result).toMatchObject({ paintedPairs: 4, renderedPairs: 3 });
  expect(diversity(painted, [], 0).ratio).toBeNaN();
});
