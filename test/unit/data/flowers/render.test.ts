import type { FlowerAttributes } from '../../../../ts/data/flowers/attributes';
import { CATALOGUE } from '../../../../ts/data/flowers/catalogue';
import { nearestColor, type Rgb } from '../../../../ts/data/flowers/palette';
import { REGION, type RenderedFlower, renderFlower } from '../../../../ts/data/flowers/render';
import { drawVariation } from '../../../../ts/data/flowers/variation';

const SIZE = 76;
const daisy: FlowerAttributes = {
  petalColor: 'white',
  tipColor: null,
  petalCount: 12,
  petalShape: 'oval',
  petalEdge: 'smooth',
  layers: 1,
  centerColor: 'yellow',
  centerSize: 'medium',
  stamens: 'none',
};

function share({ mask }: RenderedFlower, region: number): number {
  return mask.reduce((count, value) => count + (value === region ? 1 : 0), 0) / mask.length;
}

function medianColor({ pixels, mask }: RenderedFlower, region: number): Rgb {
  const places = [...mask.keys()].filter((i) => mask[i] === region);
  return [0, 1, 2].map((c) => {
    const values = places.map((i) => pixels[3 * i + c]!).sort((a, b) => a - b);
    return values[values.length >> 1]!;
  }) as unknown as Rgb;
}

test('the same flower is the same bytes; another image, seed or species is not', async () => {
  const draw = (attributes = daisy, seed = 0, image = 3) =>
    renderFlower(attributes, drawVariation(seed, image), SIZE);
  const first = await draw();
  expect(await draw()).toEqual(first);
  for (const other of [draw(daisy, 0, 4), draw(daisy, 1, 3), draw({ ...daisy, centerSize: 'large' })]) {
    expect(Buffer.compare((await other).pixels, first.pixels)).not.toBe(0);
  }
});

test.each([32, 76, 101, 256])('pictures and masks of %i pixels', async (size) => {
  const flower = await renderFlower(daisy, drawVariation(0, 0), size);
  expect(flower.pixels.length).toBe(size * size * 3);
  expect(flower.mask.length).toBe(size * size);
  expect(share(flower, REGION.petal)).toBeGreaterThan(0.1);
  expect(new Set(flower.mask)).toEqual(new Set([0, 1, 2, 3]));
});

test('the surroundings of two species in one variation are the same', async () => {
  const other: FlowerAttributes = { ...daisy, petalColor: 'red', petalCount: 5, centerColor: 'blue' };
  const [a, b] = await Promise.all(
    [daisy, other].map((attributes) => renderFlower(attributes, drawVariation(2, 9), SIZE)),
  );
  let compared = 0;
  for (let i = 0; i < SIZE * SIZE; i++) {
    const [x, y] = [(i % SIZE) - SIZE / 2, Math.floor(i / SIZE) - SIZE / 2];
    if (Math.hypot(x, y) < 46) continue; // blossom, its shadow
    compared++;
    expect([...a!.pixels.subarray(3 * i, 3 * i + 3)]).toEqual([...b!.pixels.subarray(3 * i, 3 * i + 3)]);
  }
  expect(compared).toBeGreaterThan(50);
});

test('swapped colors paint the same shapes', async () => {
  const swapped = { ...daisy, petalColor: 'yellow', centerColor: 'white' } as const;
  const [a, b] = await Promise.all(
    [daisy, swapped].map((one) => renderFlower(one, drawVariation(0, 1), SIZE)),
  );
  expect(a!.mask).toEqual(b!.mask);
  expect(nearestColor(medianColor(b!, REGION.petal))).toBe('yellow');
  expect(nearestColor(medianColor(b!, REGION.center))).toBe('white');
});

test('every species shows its colors in regions that are large enough to read', async () => {
  for (const { id, attributes } of CATALOGUE) {
    const flower = await renderFlower(attributes, drawVariation(8, id), SIZE);
    expect(share(flower, REGION.petal)).toBeGreaterThan(0.1);
    expect(share(flower, REGION.center)).toBeGreaterThan(0.03);
    expect(share(flower, REGION.background)).toBeGreaterThan(0.3);
    expect(nearestColor(medianColor(flower, REGION.center))).toBe(attributes.centerColor);
    if (attributes.tipColor === null) {
      expect(nearestColor(medianColor(flower, REGION.petal))).toBe(attributes.petalColor);
    }
  }
});
