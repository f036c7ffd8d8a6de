import { createHash } from 'node:crypto';
import {
  ATTRIBUTE_NAMES,
  ATTRIBUTE_VALUES,
  type AttributeName,
  type FlowerAttributes,
  swapColors,
} from '../../data/flowers/attributes';
import { evaluationCaption } from '../../data/flowers/captions';
import { CATALOGUE, type SplitName } from '../../data/flowers/catalogue';
import { COUNT_WORDS } from '../../data/flowers/words';
import { PhiloxStream, PURPOSE } from '../../data/philox';
import { EVALUATION_PASS } from '../statistics';
import { type NamedValue, namedValues } from './caption-names';

export const TRIPLE_COUNT = 500;
/** The key of the sentences; part of the measure, never an option. */
const TRIPLE_SEED = 1;
/** Far more than the longest sentence needs; those that name eight attributes are rare. */
const MAXIMUM_DRAWS = 1_000_000;

/** A caption and three others, one of which says the same. */
export interface CaptionTriple {
  species: number;
  caption: string;
  /** The same attributes in another sentence and other words. */
  paraphrase: string;
  /** The same sentence with another value of `attribute`. */
  changed: string;
  attribute: AttributeName;
  /** The same sentence with the colors of petals and center exchanged. */
  exchanged: string;
}

/** The triples of a split, its species in turn. They are the same in every evaluation: no seed reaches them. */
export function captionTriples(split: SplitName, count = TRIPLE_COUNT): CaptionTriple[] {
  const species = CATALOGUE.filter((one) => one.split === split);
  return Array.from({ length: count }, (_, number) => {
    const { id, attributes } = species[number % species.length]!;
    const stream = (step: number) =>
      new PhiloxStream(TRIPLE_SEED, PURPOSE.evaluation, { pass: EVALUATION_PASS.triples, step, row: number });
    const solid = { ...attributes, tipColor: null };
    // Same stream, same draws: another value changes its word alone.
    const write = (subject: FlowerAttributes) => evaluationCaption(subject, stream(0));
    const caption = write(solid);
    const { attribute, subject } = changeOne(solid, namedValues(caption), stream(1));
    return {
      species: id,
      caption,
      paraphrase: paraphraseOf(caption, solid, stream(2)),
      changed: write(subject),
      attribute,
      exchanged: write(swapColors(solid)),
    };
  });
}

/** SHA-256 (hex) over the sentences, in order. */
export function triplesDigest(triples: readonly CaptionTriple[]): string {
  const hash = createHash('sha256');
  for (const { caption, paraphrase, changed, exchanged } of triples)
    hash.update(`${[caption, paraphrase, changed, exchanged].join('\t')}\n`);
  return hash.digest('hex');
}

/** Another value for one of the attributes that a caption names; a color is never that of the other region. */
function changeOne(
  subject: FlowerAttributes,
  named: ReadonlyMap<AttributeName, NamedValue>,
  stream: PhiloxStream,
): { attribute: AttributeName; subject: FlowerAttributes } {
  const attribute = stream.pick(ATTRIBUTE_NAMES.filter((name) => named.has(name)));
  const taken: unknown[] = [subject[attribute]];
  if (attribute === 'petalColor') taken.push(subject.centerColor);
  if (attribute === 'centerColor') taken.push(subject.petalColor);
  const values = (ATTRIBUTE_VALUES[attribute] as readonly unknown[]).filter(
    (value) => !taken.includes(value),
  );
  return { attribute, subject: { ...subject, [attribute]: stream.pick(values) } };
}

/** The first sentence of the stream that names the same attributes with other words, where there are others. */
function paraphraseOf(caption: string, subject: FlowerAttributes, stream: PhiloxStream): string {
  const named = namedValues(caption);
  // What a subject lacks no sentence names: a shortcut to those that name the same.
  const { petalColor, centerColor } = subject;
  const known = Object.fromEntries([...named.keys()].map((name) => [name, subject[name]]));
  for (let draw = 0; draw < MAXIMUM_DRAWS; draw++) {
    const text = evaluationCaption({ petalColor, centerColor, ...known }, stream);
    if (saysTheSame(named, namedValues(text))) return text;
  }
  throw new Error(`no paraphrase was found of: ${caption}`);
}

function saysTheSame(
  own: ReadonlyMap<AttributeName, NamedValue>,
  other: ReadonlyMap<AttributeName, NamedValue>,
): boolean {
  if (own.size !== other.size) return false;
  return [...own].every(([attribute, { word }]) => {
    const there = other.get(attribute);
    return there !== undefined && (there.word !== word || SINGLE_WORDS.has(word));
  });
}

/** The only words of training for their values. */
const SINGLE_WORDS: ReadonlySet<string> = new Set(
  Object.values(COUNT_WORDS).flatMap(({ training }) => (training.length === 1 ? training : [])),
);
