import { swapColors } from '../../../../ts/data/flowers/attributes';
import {
  captionsFor,
  evaluationCaption,
  gradientCaption,
  heldOutCaption,
} from '../../../../ts/data/flowers/captions';
import { CATALOGUE } from '../../../../ts/data/flowers/catalogue';
import { COLOR_NAMES, type ColorName } from '../../../../ts/data/flowers/palette';
import * as words from '../../../../ts/data/flowers/words';
import { PhiloxStream } from '../../../../ts/data/philox';

const wordsOf = (text: string) => text.toLowerCase().match(/[a-z]+/g) ?? [];
const tables = [words.COLOR_WORDS, words.SHAPE_WORDS, words.EDGE_WORDS, words.SIZE_WORDS];
const colorOf = (table: 'training' | 'heldOut') =>
  new Map(COLOR_NAMES.flatMap((name) => words.COLOR_WORDS[name][table].map((word) => [word, name] as const)));
const trainingColors = colorOf('training');
const heldColors = colorOf('heldOut');
const colorsIn = (text: string, table = trainingColors): ColorName[] =>
  wordsOf(text).flatMap((word) => table.get(word) ?? []);
const stream = (row: number) => new PhiloxStream(11, 12, { row });

/** Captions of `rounds` pictures of each species. */
function corpus(rounds: number) {
  return CATALOGUE.flatMap((species) =>
    Array.from({ length: rounds }, (_, round) => ({
      species,
      captions: captionsFor(species.attributes, new PhiloxStream(1, 11, { row: species.id + 1000 * round }), {
        heldOutCount: species.split === 'training' ? 0 : 2,
      }),
    })),
  );
}
const all = corpus(3);
const everyCaption = all.flatMap(({ species, captions }) =>
  captions.map((caption) => ({ species, ...caption })),
);
const plain = everyCaption.filter(({ species, held }) => !held && species.attributes.tipColor === null);

test('at least four training words for every color and shape; no word stands for two values', () => {
  for (const list of [...Object.values(words.COLOR_WORDS), ...Object.values(words.SHAPE_WORDS)]) {
    expect(list.training.length).toBeGreaterThanOrEqual(4);
    expect(list.heldOut.length).toBeGreaterThanOrEqual(1);
  }
  const used = tables.flatMap((table) =>
    Object.values(table).flatMap((list) => [...list.training, ...list.heldOut]),
  );
  const nouns = [words.FLOWER_NOUNS, words.CENTER_NOUNS].flatMap((list) => [
    ...list.training,
    ...list.heldOut,
  ]);
  expect(new Set([...used, ...nouns]).size).toBe(used.length + nouns.length);
});

test('ten different captions a picture, the same ones from the same stream', () => {
  for (const { captions } of all) {
    expect(captions.length).toBe(10);
    expect(new Set(captions.map(({ text }) => text)).size).toBe(10);
  }
  expect(corpus(1)).toEqual(all.filter((_, i) => i % 3 === 0));
});

test('training captions have no held-out word, two of ten of unseen species do', () => {
  const held = new Set(
    [...tables, words.STAMEN_WORDS, words.COUNT_WORDS]
      .flatMap((table) => Object.values(table).flatMap((list) => list.heldOut))
      .concat(words.FLOWER_NOUNS.heldOut, words.CENTER_NOUNS.heldOut),
  );
  const pattern = new RegExp(`\\b(${[...held].join('|')})\\b`, 'i');
  const usesHeld = (text: string) => pattern.test(text);
  for (const { species, captions } of all) {
    expect(captions.filter((caption) => caption.held).length).toBe(species.split === 'training' ? 0 : 2);
    for (const caption of captions) expect(usesHeld(caption.text)).toBe(caption.held);
  }
});

test('captions name the colors of the flower and no others', () => {
  for (const { species, text, held } of everyCaption) {
    const { petalColor, centerColor, tipColor } = species.attributes;
    for (const color of colorsIn(text, held ? heldColors : trainingColors)) {
      expect([petalColor, centerColor, tipColor]).toContain(color);
    }
  }
});

test('nearly every caption names the petal color, most the center color', () => {
  const share = (of: 'petalColor' | 'centerColor') =>
    plain.filter(({ species, text }) => colorsIn(text).includes(species.attributes[of])).length /
    plain.length;
  // drawn at .97 and .87 of over 2,000 captions: three standard errors are .012 and .023
  expect(share('petalColor')).toBeGreaterThan(0.955);
  expect(share('petalColor')).toBeLessThan(1);
  expect(share('centerColor')).toBeGreaterThan(0.84);
  expect(share('centerColor')).toBeLessThan(0.95);
});

test('a color word is within a trigram of the word for its region', () => {
  for (const { species, text } of plain) {
    const list = wordsOf(text);
    const near = (color: ColorName, nouns: readonly string[]) =>
      list.some(
        (word, i) =>
          trainingColors.get(word) === color &&
          list.slice(Math.max(0, i - 2), i + 3).some((w) => nouns.includes(w)),
      );
    const { petalColor, centerColor } = species.attributes;
    const named = colorsIn(text);
    if (named.includes(petalColor)) expect(near(petalColor, ['petals'])).toBe(true);
    if (named.includes(centerColor)) expect(near(centerColor, words.CENTER_NOUNS.training)).toBe(true);
  }
});

test('captions never speak of style', () => {
  const style =
    /\b(background|behind|leaf|leaves|green|stem|blurr?y|light|lit|bright|dark|shadow|sunlit|sky|soil|meadow|turned|tilted|rotated|angle|facing|left|right|close|near|far away|photo|picture|bigger|big flower|small flower)\b/i;
  for (const { text } of everyCaption) expect(text).not.toMatch(style);
});

test('articles fit', () => {
  for (const { text } of everyCaption) {
    expect(text).not.toMatch(/\ba [aeiou]/i);
    expect(text).not.toMatch(/\ban [^aeiou]/i);
    expect(text).not.toMatch(/ {2}| ,|undefined/);
  }
});

test('an evaluation caption names exactly one petal and one center color, and has a twin', () => {
  for (const { id, attributes } of CATALOGUE) {
    const text = evaluationCaption(attributes, stream(id));
    const twin = evaluationCaption(swapColors(attributes), stream(id));
    expect(colorsIn(text).sort()).toEqual([attributes.petalColor, attributes.centerColor].sort());
    expect(colorsIn(twin)).toEqual(colorsIn(text).reverse());
    const bare = (s: string) =>
      wordsOf(s).filter((word) => !trainingColors.has(word) && word !== 'a' && word !== 'an');
    expect(bare(twin)).toEqual(bare(text));
    expect(colorsIn(text, heldColors)).toEqual([]);
  }
});

test('a held-out caption uses held-out color words only; a gradient caption names three colors', () => {
  for (const { id, attributes } of CATALOGUE) {
    const text = heldOutCaption(attributes, stream(id));
    expect(colorsIn(text)).toEqual([]);
    expect(colorsIn(text, heldColors).sort()).toEqual([attributes.petalColor, attributes.centerColor].sort());
    if (attributes.tipColor === null) continue;
    expect(colorsIn(gradientCaption(attributes, stream(id))).length).toBe(3);
  }
});

test('colors alone are enough to write from', () => {
  const texts = Array.from({ length: 200 }, (_, i) =>
    evaluationCaption({ petalColor: 'red', centerColor: 'blue' }, stream(i)),
  );
  for (const text of texts) expect(colorsIn(text).sort()).toEqual(['blue', 'red']);
  expect(new Set(texts).size).toBeGreaterThan(100);
});
