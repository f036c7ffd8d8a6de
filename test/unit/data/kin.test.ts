import { captionWords } from '../../../ts/data/caption-words';
import { Kin } from '../../../ts/data/kin';
import { EpochPlanner, type PlanOptions } from '../../../ts/data/plan';
import type { PlanSource } from '../../../ts/data/plan-source';

// Groups of rows whose captions are near each other.

const COLORS = ['red', 'blue', 'white', 'pink'];
const SHAPES = ['round', 'oval', 'narrow', 'broad', 'pointed', 'notched'];
/** An image of every color and shape, twice; each is a class of its own, but for the two of one kind. */
const texts = COLORS.flatMap((color) =>
  SHAPES.flatMap((shape) => [`a flower with ${shape} ${color} petals`, `${shape} petals, all ${color}`]),
);
const colorOf = (image: number) => Math.floor(image / (2 * SHAPES.length));

function source(change: Partial<PlanSource> = {}): PlanSource {
  const images = texts.map((_, i) => i);
  return {
    classOf: Int32Array.from(images, (i) => i >> 1),
    namedClasses: texts.length / 2,
    splitOf: new Uint8Array(texts.length),
    captionStart: Int32Array.from({ length: texts.length + 1 }, (_, i) => i),
    captionHeld: new Uint8Array(texts.length),
    captionKey: Int32Array.from(images),
    words: captionWords(texts),
    imageSize: 64,
    ...change,
  };
}

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
const plan = (change: Partial<PlanOptions> = {}, from = source(), stepCount = 100) =>
  new EpochPlanner(from, { ...options, ...change }).plan({
    epoch: 1,
    stepCount,
    learningRate: 1,
    modeSeekingWeight: 0,
  });
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('nearness', () => {
  const words = captionWords(['a red rose', 'a red tulip', 'A blue tulip, blue!', 'a']);

  test('counts each word of a caption once, in lower case, rare ones for more', () => {
    const { start, word, weight } = words;
    expect([...start]).toEqual([0, 3, 6, 9, 10]);
    expect([...word.subarray(6, 9)]).toEqual([word[0], 4, 3]); // a, blue, tulip
    expect(weight[word[0]!]).toBe(0); // "a" is in all of them
    expect(weight[2]!).toBeCloseTo(Math.log(4) ** 2); // rose
    expect(weight[1]!).toBeCloseTo(Math.log(2) ** 2); // red
  });

  test('is the cosine between two sets of words', () => {
    const classOf = Int32Array.of(-1, -1, -1, -1);
    const of = (captions: number[]) => new Kin({ image: 0, captions }, { classOf, words });
    const toFirst = of([0]);
    const [red, rose, tulip] = [Math.log(2) ** 2, Math.log(4) ** 2, Math.log(2) ** 2];
    expect(toFirst.nearness([0])).toBeCloseTo(1);
    expect(toFirst.nearness([1])).toBeCloseTo(red / Math.sqrt((red + rose) * (red + tulip)));
    expect(toFirst.nearness([2])).toBe(0);
    expect(toFirst.nearness([3])).toBe(0);
    // the words of several captions together
    expect(of([0, 1]).nearness([1, 0])).toBeCloseTo(1);
  });

  test('the nearest is of another class, where there is one, and the first of equal ones', () => {
    const near = source();
    const of = (image: number) => ({ image, captions: [image] });
    // 0 and 1 are of one class; 2 and 3 have their color, 12 and 13 their shape
    expect(new Kin(of(0), near).nearest([of(1), of(14), of(2)]).image).toBe(2);
    expect(new Kin(of(0), near).nearest([of(0), of(1)]).image).toBe(0);
    expect(new Kin(of(0), near).nearest([of(14), of(27), of(14)])).toEqual(of(14));
  });
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
    const { columns } = plan();
    const share = (part: (row: number) => boolean) =>
      mean([...columns.image!.keys()].filter((row) => row % 4 > 0).map((row) => (part(row) ? 1 : 0)));
    const first = (row: number) => row - (row % 4);
    const image = columns.image!;
    const alike = (row: number) => {
      const [a, b] = [texts[image[row]!]!, texts[image[first(row)]!]!].map((text) => text.match(/[a-z]+/g)!);
      return a!.filter((word) => [...COLORS, ...SHAPES].includes(word) && b!.includes(word)).length === 1;
    };
    expect(share(alike)).toBeGreaterThan(0.95);
    expect(share((row) => columns.class![row] === columns.class![first(row)])).toBe(0);
  });

  test('a shorter epoch is the beginning of a longer one, and without groups no number changes', () => {
    const [short, long] = [plan({}, source(), 3), plan({}, source(), 9)];
    for (const [name, values] of Object.entries(short.columns))
      expect([...values]).toEqual([...long.columns[name]!.subarray(0, values.length)]);
    const without = plan({ groupSize: 1 }, source({ words: null }));
    expect(plan({ groupSize: 1 })).toEqual(without);
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
