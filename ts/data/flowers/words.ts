import type { CenterSize, LayerCount, PetalCount, PetalEdge, PetalShape, Stamens } from './attributes';
import type { ColorName } from './palette';

/** Words for one value. A held-out word is never in a training caption; no word stands for two values. */
export interface WordList {
  readonly training: readonly string[];
  readonly heldOut: readonly string[];
}

/** Each works before a noun: "crimson petals", "a sunny heart". */
export const COLOR_WORDS: Readonly<Record<ColorName, WordList>> = {
  red: { training: ['red', 'crimson', 'scarlet', 'ruby'], heldOut: ['cherry', 'vermilion'] },
  orange: { training: ['orange', 'tangerine', 'amber', 'pumpkin'], heldOut: ['apricot', 'carrot'] },
  yellow: { training: ['yellow', 'lemon', 'golden', 'sunny'], heldOut: ['canary', 'buttery'] },
  white: { training: ['white', 'ivory', 'snowy', 'pearly'], heldOut: ['alabaster', 'milky'] },
  pink: { training: ['pink', 'blush', 'rosy', 'flamingo'], heldOut: ['carnation', 'salmon'] },
  purple: { training: ['purple', 'violet', 'plum', 'amethyst'], heldOut: ['grape', 'mulberry'] },
  blue: { training: ['blue', 'azure', 'sapphire', 'cobalt'], heldOut: ['cerulean', 'cornflower'] },
  brown: { training: ['brown', 'chocolate', 'chestnut', 'coffee'], heldOut: ['mahogany', 'cocoa'] },
};

/** Color words that cannot stand alone after "of" or "to". */
export const ADJECTIVES_ONLY: ReadonlySet<string> = new Set([
  ...['golden', 'sunny', 'snowy', 'pearly', 'rosy', 'buttery', 'milky'],
]);

export const SHAPE_WORDS: Readonly<Record<PetalShape, WordList>> = {
  round: { training: ['round', 'rounded', 'circular', 'curved'], heldOut: ['rotund'] },
  oval: { training: ['oval', 'ovate', 'elliptical', 'oblong'], heldOut: ['ellipsoid'] },
  pointed: { training: ['pointed', 'pointy', 'tapered', 'sharp'], heldOut: ['spiky'] },
  narrow: { training: ['narrow', 'slender', 'slim', 'thin'], heldOut: ['skinny'] },
  notched: { training: ['notched', 'cleft', 'indented', 'dented'], heldOut: ['nicked'] },
  broad: { training: ['broad', 'wide', 'flared', 'fanned'], heldOut: ['spreading'] },
};

export const EDGE_WORDS: Readonly<Record<PetalEdge, WordList>> = {
  smooth: { training: ['smooth', 'even', 'plain', 'clean'], heldOut: ['neat'] },
  wavy: { training: ['wavy', 'ruffled', 'rippled', 'frilly'], heldOut: ['undulating'] },
  fringed: { training: ['fringed', 'jagged', 'toothed', 'serrated'], heldOut: ['ragged'] },
};

export const COUNT_WORDS: Readonly<Record<PetalCount, WordList>> = {
  4: { training: ['four'], heldOut: [] },
  5: { training: ['five'], heldOut: [] },
  6: { training: ['six'], heldOut: [] },
  8: { training: ['eight'], heldOut: [] },
  12: { training: ['twelve', 'a dozen'], heldOut: [] },
  20: { training: ['twenty', 'many', 'numerous'], heldOut: ['countless'] },
};

/** Before "petals": "two rings of". */
export const LAYER_WORDS: Readonly<Record<LayerCount, WordList>> = {
  1: { training: ['a single ring of', 'one layer of', 'a single row of'], heldOut: ['a lone circle of'] },
  2: { training: ['two rings of', 'two layers of', 'a double row of'], heldOut: ['a twofold circle of'] },
  3: {
    training: ['three rings of', 'three layers of', 'a triple row of'],
    heldOut: ['a threefold circle of'],
  },
};

export const SIZE_WORDS: Readonly<Record<CenterSize, WordList>> = {
  small: { training: ['small', 'little', 'tiny'], heldOut: ['petite'] },
  medium: { training: ['medium', 'midsize'], heldOut: ['moderate'] },
  large: { training: ['large', 'big', 'huge'], heldOut: ['massive'] },
};

/** After "with" or "and". */
export const STAMEN_WORDS: Readonly<Record<Stamens, WordList>> = {
  none: { training: ['no stamens', 'no visible stamens'], heldOut: ['hidden stamens'] },
  short: {
    training: ['short stamens', 'a ring of short stamens', 'stubby stamens'],
    heldOut: ['brief stamens'],
  },
  long: {
    training: ['long stamens', 'stamens that reach far out', 'lengthy stamens'],
    heldOut: ['lanky stamens'],
  },
};

export const FLOWER_NOUNS: WordList = { training: ['flower', 'blossom', 'bloom'], heldOut: ['floret'] };
export const CENTER_NOUNS: WordList = {
  training: ['center', 'centre', 'heart', 'eye'],
  heldOut: ['middle', 'core'],
};
