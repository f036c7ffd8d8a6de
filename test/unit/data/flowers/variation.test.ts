import { captionsFor } from '../../../../ts/data/flowers/captions';
import { CATALOGUE } from '../../../../ts/data/flowers/catalogue';
import { COLOR_NAMES, rgbToLab } from '../../../../ts/data/flowers/palette';
import { drawVariation, POSE_COLUMNS, poseRow, SCENES } from '../../../../ts/data/flowers/variation';
import { PhiloxStream, PURPOSE } from '../../../../ts/data/philox';

const SEED = 5;
const COUNT = 1500;

/** One caption of each of many pictures, and the style of the picture as named numbers. */
const pictures = Array.from({ length: COUNT }, (_, image) => {
  const species = CATALOGUE[image % CATALOGUE.length]!;
  const variation = drawVariation(SEED, image);
  const stream = new PhiloxStream(SEED, PURPOSE.captions, { row: image });
  const words = new Set(
    captionsFor(species.attributes, stream).flatMap(({ text }) => text.toLowerCase().match(/[a-z]+/g) ?? []),
  );
  const [lightness, a, b] = rgbToLab(variation.scene.base);
  return { species, words, style: [...poseRow(variation), lightness, a, b] };
});
const STYLE_COLUMNS = [...POSE_COLUMNS, 'background lightness', 'background a', 'background b'];

/** Pearson's correlation times the root of the count: about N(0, 1) where the two are independent. */
function score(x: readonly number[], y: readonly number[]): number {
  const mean = (v: readonly number[]) => v.reduce((p, q) => p + q, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i]! - mx) * (y[i]! - my);
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
  }
  return (xy / Math.sqrt(xx * yy)) * Math.sqrt(x.length);
}

/** The strongest score of any word that is neither rare nor everywhere. */
function strongestWord(target: readonly number[]): number {
  const counts = new Map<string, number>();
  for (const { words } of pictures) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const usable = [...counts].filter(([, n]) => n >= 50 && n <= COUNT - 50).map(([word]) => word);
  expect(usable.length).toBeGreaterThan(60);
  return Math.max(
    ...usable.map((word) =>
      Math.abs(
        score(
          pictures.map(({ words }) => (words.has(word) ? 1 : 0)),
          target,
        ),
      ),
    ),
  );
}

// Some 100 words times 12 columns: the greatest of 1,200 independent N(0, 1) is under 5 but once in 1,400 seeds.
const BOUND = 5;

test('no word of a caption predicts pose, size, light or background', () => {
  STYLE_COLUMNS.forEach((_, column) => {
    expect(strongestWord(pictures.map(({ style }) => style[column]!))).toBeLessThan(BOUND);
  });
});

test('control: the same measure sees the petal color in the words', () => {
  const target = pictures.map(({ species }) => COLOR_NAMES.indexOf(species.attributes.petalColor));
  expect(strongestWord(target)).toBeGreaterThan(2 * BOUND);
});

test('pose, size, light and background are independent of each other', () => {
  for (let a = 0; a < STYLE_COLUMNS.length; a++) {
    for (let b = 0; b < a; b++) {
      if (Math.min(a, b) >= POSE_COLUMNS.length) continue; // the three numbers of one background color
      const columns = [a, b].map((k) => pictures.map(({ style }) => style[k]!));
      expect(Math.abs(score(columns[0]!, columns[1]!))).toBeLessThan(BOUND);
    }
  }
});

test('a variation is a function of seed and image alone', () => {
  expect(drawVariation(1, 2)).toEqual(drawVariation(1, 2));
  expect(drawVariation(1, 2)).not.toEqual(drawVariation(1, 3));
  expect(drawVariation(1, 2)).not.toEqual(drawVariation(2, 2));
});

test('every background occurs, and poses stay in the picture', () => {
  const variations = Array.from({ length: 400 }, (_, image) => drawVariation(SEED, image));
  expect(new Set(variations.map(({ scene }) => scene.name)).size).toBe(SCENES.length);
  for (const { pose } of variations) {
    expect(Math.max(pose.centerX, pose.centerY) + pose.radius).toBeLessThan(95);
    expect(Math.min(pose.centerX, pose.centerY) - pose.radius).toBeGreaterThan(5);
  }
});
