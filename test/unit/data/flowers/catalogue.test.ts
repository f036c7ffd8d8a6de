import { ATTRIBUTE_NAMES, ATTRIBUTE_VALUES, attributeIndices } from '../../../../ts/data/flowers/attributes';
import {
  attributesOf,
  CATALOGUE,
  CATALOGUE_VERSION,
  FULL_IMAGE_COUNT,
  imagesPerSpecies,
  type SplitName,
} from '../../../../ts/data/flowers/catalogue';

const inSplit = (...splits: SplitName[]) => CATALOGUE.filter((one) => splits.includes(one.split));
const pair = ({ attributes }: (typeof CATALOGUE)[number]) =>
  `${attributes.petalColor} ${attributes.centerColor}`;

test('102 species with names of their own, every attribute a known value', () => {
  expect(CATALOGUE_VERSION).toBe(2);
  expect(CATALOGUE.length).toBe(102);
  expect(new Set(CATALOGUE.map((one) => one.name)).size).toBe(102);
  for (const { id, attributes } of CATALOGUE) {
    expect(attributesOf(id)).toBe(attributes);
    const indices = attributeIndices(attributes);
    ATTRIBUTE_NAMES.forEach((name, i) => {
      const lowest = name === 'tipColor' ? -1 : 0;
      expect(indices[i]).toBeGreaterThanOrEqual(lowest);
      expect(indices[i]).toBeLessThan(ATTRIBUTE_VALUES[name].length);
    });
    expect(attributes.centerColor).not.toBe(attributes.petalColor);
    expect(attributes.tipColor).not.toBe(attributes.petalColor);
    expect(attributes.tipColor).not.toBe(attributes.centerColor);
  }
});

test('any two species differ in at least two attributes', () => {
  for (const a of CATALOGUE) {
    for (const b of CATALOGUE) {
      if (a.id >= b.id) continue;
      const differences = ATTRIBUTE_NAMES.filter((name) => a.attributes[name] !== b.attributes[name]);
      expect(differences.length).toBeGreaterThanOrEqual(2);
    }
  }
});

test('62 training, 20 validation and 20 test species', () => {
  expect(inSplit('training').length).toBe(62);
  expect(inSplit('validation').length).toBe(20);
  expect(inSplit('test').length).toBe(20);
});

test('every value of an unseen species is trained, its combination never, not even that of colors, number and shape', () => {
  const trained = inSplit('training');
  const large = ({ attributes }: (typeof CATALOGUE)[number]) =>
    [attributes.petalColor, attributes.centerColor, attributes.petalCount, attributes.petalShape].join(' ');
  const seen = new Set(trained.map(large));
  for (const unseen of inSplit('validation', 'test')) {
    for (const name of ATTRIBUTE_NAMES) {
      const value = unseen.attributes[name];
      expect(trained.some((one) => one.attributes[name] === value)).toBe(true);
    }
    expect(seen.has(large(unseen))).toBe(false);
  }
});

test('petal and center are independent of each other: every pair of two colors is trained', () => {
  expect(new Set(inSplit('training').map(pair)).size).toBe(8 * 7);
});

test.each(['validation', 'test'] as const)('of every pair of colors there are two %s species', (split) => {
  const counts = new Map<string, number>();
  for (const one of inSplit(split)) counts.set(pair(one), (counts.get(pair(one)) ?? 0) + 1);
  expect([...counts.values()]).toEqual(Array(10).fill(2));
});

test('petal and center colors are about equally common among training species', () => {
  for (const name of ['petalColor', 'centerColor'] as const) {
    for (const color of ATTRIBUTE_VALUES[name]) {
      const count = inSplit('training').filter((one) => one.attributes[name] === color).length;
      expect(count).toBeGreaterThanOrEqual(7);
      expect(count).toBeLessThanOrEqual(8);
    }
  }
});

test('40 to 258 images a species, 8,189 in all', () => {
  const sizes = CATALOGUE.map((one) => one.images);
  expect(Math.min(...sizes)).toBe(40);
  expect(Math.max(...sizes)).toBe(258);
  expect(FULL_IMAGE_COUNT).toBe(8189);
});

test.each([102, 103, 500, 4000, 8189, 20000])('%i images keep the proportions', (total) => {
  const counts = imagesPerSpecies(total);
  expect(counts.reduce((a, b) => a + b)).toBe(total);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
  for (const { id, images } of CATALOGUE) {
    // one is given first, the rest shared out and rounded
    expect(Math.abs(counts[id]! - (total * images) / FULL_IMAGE_COUNT)).toBeLessThanOrEqual(3.5);
  }
  if (total === FULL_IMAGE_COUNT) expect(counts).toEqual(CATALOGUE.map((one) => one.images));
});

test('too few images and unknown species are refused', () => {
  expect(() => imagesPerSpecies(101)).toThrow('`images` must be an integer of at least 102');
  expect(() => imagesPerSpecies(200.5)).toThrow('`images` must be');
  expect(() => attributesOf(102)).toThrow('`species` must be a class number below 102, but is 102 instead');
});
