import { Kin } from '../../../ts/data/kin';
import { Likeness } from '../../../ts/data/likeness';
import { EpochPlanner, type PlanOptions } from '../../../ts/data/plan';
import type { PlanSource } from '../../../ts/data/plan-source';

// Groups of rows that are near each other.

const COLORS = 4;
const SHAPES = 6;
/** Images of every color and shape, two of each; each pair is a class. */
const images = Array.from({ length: 2 * COLORS * SHAPES }, (_, i) => i);
const colorOf = (image: number) => Math.floor(image / (2 * SHAPES));
const shapeOf = (image: number) => (image >> 1) % SHAPES;

/** An image has one caption, of its own number. */
function source(change: Partial<PlanSource> = {}): PlanSource {
  return {
    classOf: Int32Array.from(images, (i) => i >> 1),
    namedClasses: images.length / 2,
    splitOf: new Uint8Array(images.length),
    captionStart: Int32Array.from({ length: images.length + 1 }, (_, i) => i),
    captionHeld: new Uint8Array(images.length),
    captionKey: Int32Array.from(images),
    imageSize: 64,
    ...change,
  };
}

/** Numbers that say the color loudly and the shape less so. */
const row = (item: number) =>
  Float32Array.from({ length: 40 }, (_, k) => {
    if (k < COLORS) return k === colorOf(item) ? 3 : 0;
    return k - COLORS === shapeOf(item) ? 1 : 0;
  });
const measured = (seed: number) =>
  Likeness.of({ count: images.length, width: 40, rows: images.map(row) }, seed);
let likeness: Likeness;
beforeAll(async () => {
  likeness = await measured(1);
});

const options: PlanOptions = {
  seed: 3,
  batchSize: 8,
  splits: 'training',
  pairing: 'paper',
  mismatches: 1,
  sampling: 'balanced',
  groupSize: 4,
  captions: { choice: 'distinct', count: 1 },
  crop: 'center',
  flip: 0,
  classes: true,
};
const plan = (change: Partial<PlanOptions> = {}, from = source(), stepCount = 25) =>
  new EpochPlanner(from, { ...options, ...change }).plan(
    { epoch: 1, stepCount, learningRate: 1, modeSeekingWeight: 0 },
    likeness,
  );
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

const of = (...captions: number[]) => ({ image: captions[0]!, captions });

describe('likeness', () => {
  /** Cosine of the rows themselves, less their mean. */
  function exactly(a: number[], b: number[]): number {
    const rows = images.map(row);
    const mean = rows[0]!.map((_, k) => rows.reduce((sum, one) => sum + one[k]!, 0) / rows.length);
    const dot = (x: number[], y: number[]) => x.reduce((total, value, k) => total + value * y[k]!, 0);
    const direction = (item: number) => {
      const vector = [...mean.keys()].map((k) => rows[item]![k]! - mean[k]!);
      return vector.map((value) => value / Math.sqrt(dot(vector, vector)));
    };
    const sum = (items: number[]) =>
      [...mean.keys()].map((k) => items.reduce((total, item) => total + direction(item)[k]!, 0));
    const [x, y] = [sum(a), sum(b)];
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  }

  test('is the cosine between rows less their mean, but for what a projection leaves out', () => {
    for (const [a, b] of [
      [0, 2],
      [0, 14],
      [0, 30],
      [5, 40],
    ] as const)
      expect(Math.abs(likeness.between(of(a), of(b)) - exactly([a], [b]))).toBeLessThan(0.2);
    expect(likeness.between(of(3), of(3))).toBeCloseTo(1, 6);
    expect(likeness.between(of(0), of(1))).toBeCloseTo(1, 6); // of one color and shape
    expect(Math.abs(likeness.between(of(0, 14), of(2)) - exactly([0, 14], [2]))).toBeLessThan(0.2);
  });

  test('is 0 where all rows are equal', async () => {
    const rows = images.map(() => Float32Array.of(1, 2));
    const equal = await Likeness.of({ count: images.length, width: 2, rows }, 1);
    expect(equal.between(of(0), of(1))).toBe(0);
  });

  test('follows from the seed', async () => {
    const value = likeness.between(of(0), of(30));
    const [again, other] = [await measured(1), await measured(2)];
    expect(again.between(of(0), of(30))).toBe(value);
    expect(other.between(of(0), of(30))).not.toBe(value);
  });
});

test('the nearest is of another class, where there is one, and the first of equal ones', () => {
  // 0 and 1 are of one class; 2 and 3 have their color, 12 and 13 their shape
  const kin = new Kin(of(0), source(), likeness);
  expect(kin.nearest([of(1), of(14), of(2)]).image).toBe(2);
  expect(kin.nearest([of(0), of(1)]).image).toBe(0);
  const equal = [of(14), of(15), of(14)];
  expect(kin.nearest(equal)).toBe(equal[0]);
});

describe('groups of a plan', () => {
  /** Share of the rows but the first of each group whose color is that of the first. */
  const sameColor = (groupSize: number) => {
    const image = plan({ groupSize }).columns.image!;
    const rows = [...image.keys()].filter((row) => row % 4 > 0);
    return mean(rows.map((row) => (colorOf(image[row]!) === colorOf(image[row - (row % 4)]!) ? 1 : 0)));
  };

  test('their rows resemble the first one, and are not of its class', () => {
    expect(sameColor(1)).toBeLessThan(0.4);
    expect(sameColor(4)).toBeGreaterThan(0.95);
    const { columns } = plan();
    const classes = columns.class!;
    for (const row of classes.keys())
      if (row % 4 > 0) expect(classes[row]).not.toBe(classes[row - (row % 4)]);
  });

  test('a shorter epoch is the beginning of a longer one, and without groups no number changes', () => {
    const [short, long] = [plan({}, source(), 3), plan({}, source(), 9)];
    for (const [name, values] of Object.entries(short.columns))
      expect([...values]).toEqual([...long.columns[name]!.subarray(0, values.length)]);
    const without = plan({ groupSize: 1 });
    const firsts = (p: typeof without) => [...p.columns.image!].filter((_, row) => row % 4 === 0);
    expect(firsts(plan())).toEqual(firsts(without));
  });

  test('captions that were compared are those that are trained, and mismatching texts stay of other classes', () => {
    const { columns } = plan();
    expect([...columns.captions!]).toEqual([...columns.image!]); // an image has one caption, of its own number
    for (const [row, caption] of columns.mismatchedCaptions!.entries())
      expect(caption >> 1).not.toBe(columns.class![row]);
  });
});
