import { ATTRIBUTE_VALUES, type AttributeName } from '../../data/flowers/attributes';
import { COLOR_NAMES, type ColorName } from '../../data/flowers/palette';
import {
  CENTER_NOUNS,
  COLOR_WORDS,
  COUNT_WORDS,
  EDGE_WORDS,
  LAYER_WORDS,
  SHAPE_WORDS,
  SIZE_WORDS,
  STAMEN_WORDS,
  type WordList,
} from '../../data/flowers/words';

/** What a color word can be said of. */
export type Region = 'petal' | 'tip' | 'center';

export interface ColorMention {
  word: string;
  color: ColorName;
  region: Region;
}

const colorOfWord = new Map(
  COLOR_NAMES.flatMap((color) => allWords(COLOR_WORDS[color]).map((word) => [word, color] as const)),
);
const regionOfNoun = new Map<string, Region>([
  ['petals', 'petal'],
  ['tips', 'tip'],
  ...allWords(CENTER_NOUNS).map((word): [string, Region] => [word, 'center']),
]);
/** What a color after "turning", "fading to", "tipped with", "heart of" is said of. */
const regionOfStem = new Map<string, Region>([
  ...['turning', 'fading', 'tipped'].map((word): [string, Region] => [word, 'tip']),
  ...allWords(CENTER_NOUNS).map((word): [string, Region] => [word, 'center']),
]);
const regionAttributes = { petal: 'petalColor', tip: 'tipColor', center: 'centerColor' } as const;

/** Values of the attributes that are not colors, each with a pattern of its words and the words. */
const phrases = (
  [
    ['petalCount', COUNT_WORDS],
    ['petalShape', SHAPE_WORDS],
    ['petalEdge', EDGE_WORDS],
    ['layers', LAYER_WORDS],
    ['centerSize', SIZE_WORDS],
    ['stamens', STAMEN_WORDS],
  ] as [AttributeName, Readonly<Record<string, WordList>>][]
).flatMap(([attribute, table]) =>
  ATTRIBUTE_VALUES[attribute].map((value, index) => {
    // the longest first: "a ring of short stamens" before "short stamens"
    const words = allWords(table[value]!).sort((a, b) => b.length - a.length);
    return { attribute, index, pattern: new RegExp(`\\b(?:${words.join('|')})\\b`, 'i') };
  }),
);

function allWords({ training, heldOut }: WordList): string[] {
  return [...training, ...heldOut];
}

/** A value that a caption names: its place in `ATTRIBUTE_VALUES`, and the word for it. */
export interface NamedValue {
  index: number;
  word: string;
}

/** The color words of a sentence of the grammar, each with what it is said of. */
export function colorMentions(text: string): ColorMention[] {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.flatMap((word, at) => {
    const color = colorOfWord.get(word);
    return color === undefined ? [] : [{ word, color, region: regionOf(words, at) }];
  });
}

/** "ruby petals"; else "turning ruby", "a heart of ruby"; else the nearest noun, as in "the eye is ruby". */
function regionOf(words: readonly string[], at: number): Region {
  const bound = ['of', 'to', 'with'].includes(words[at - 1]!) ? at - 2 : at - 1;
  const told = regionOfNoun.get(words[at + 1]!) ?? regionOfStem.get(words[bound]!);
  if (told !== undefined) return told;
  for (let distance = 1; distance < words.length; distance++) {
    const region = regionOfNoun.get(words[at - distance]!) ?? regionOfNoun.get(words[at + distance]!);
    if (region !== undefined && region !== 'tip') return region;
  }
  return 'petal';
}

/** What a caption of the grammar says, by attribute. */
export function namedValues(text: string): Map<AttributeName, NamedValue> {
  const named = new Map<AttributeName, NamedValue>();
  for (const { word, color, region } of colorMentions(text))
    named.set(regionAttributes[region], { index: COLOR_NAMES.indexOf(color), word });
  for (const { attribute, index, pattern } of phrases) {
    const word = pattern.exec(text)?.[0];
    if (word !== undefined) named.set(attribute, { index, word: word.toLowerCase() });
  }
  return named;
}
