import { createHash } from 'node:crypto';
import { ATTRIBUTE_VALUES } from '../../data/flowers/attributes';
import { evaluationCaption } from '../../data/flowers/captions';
import { CATALOGUE, type SplitName } from '../../data/flowers/catalogue';
import { PhiloxStream, PURPOSE } from '../../data/philox';
import type { AttributeCaption } from '../attribute-captions';
import { namedValues } from '../encoder/caption-names';
import { EVALUATION_PASS } from '../statistics';

/** What the heads of a feature network read, each asked for in captions of its own. */
export const HEAD_ATTRIBUTES = ['petalCount', 'petalShape'] as const;
export type HeadAttribute = (typeof HEAD_ATTRIBUTES)[number];
/** One thing for each of the two attributes. */
export type ByHead<T> = Record<HeadAttribute, T>;

export const HEAD_CAPTION_COUNT = 480;
/** The key of the captions' random numbers; part of the measure, never an option. */
const CAPTION_SEED = 1;

/** Makes one thing for each of the two attributes. */
export function byHead<T>(make: (attribute: HeadAttribute) => T): ByHead<T> {
  return { petalCount: make('petalCount'), petalShape: make('petalShape') };
}

/**
 * For each attribute captions that name it beside one petal color and one center color, in words of training; species
 * in turn, tips left out. They are the same in every evaluation: no seed reaches them.
 */
export function headCaptions(split: SplitName, count = HEAD_CAPTION_COUNT): ByHead<AttributeCaption[]> {
  const species = CATALOGUE.filter((one) => one.split === split);
  return byHead((attribute) =>
    Array.from({ length: count }, (_, number) => {
      const { id, attributes } = species[number % species.length]!;
      const { petalColor: petal, centerColor: center } = attributes;
      const solid = { ...attributes, tipColor: null };
      const text = captionNaming(attribute, solid, number);
      return { number, text, species: id, attributes: solid, petal, tip: null, center };
    }),
  );
}

/** The first sentence of the caption's stream that names the attribute. */
function captionNaming(
  attribute: HeadAttribute,
  subject: AttributeCaption['attributes'],
  number: number,
): string {
  const stream = new PhiloxStream(CAPTION_SEED, PURPOSE.evaluation, {
    pass: EVALUATION_PASS.headCaptions,
    step: HEAD_ATTRIBUTES.indexOf(attribute),
    row: number,
  });
  for (;;) {
    const text = evaluationCaption(subject, stream);
    if (namedValues(text).has(attribute)) return text;
  }
}

/** The place of what a caption asks for among the attribute's values. */
export function askedValue(attribute: HeadAttribute, { attributes }: Pick<AttributeCaption, 'attributes'>) {
  return (ATTRIBUTE_VALUES[attribute] as readonly unknown[]).indexOf(attributes[attribute]);
}

/** SHA-256 (hex) over the captions and what they ask for: equal digests, equal questions. */
export function headCaptionsDigest(captions: ByHead<AttributeCaption[]>): string {
  const hash = createHash('sha256');
  for (const attribute of HEAD_ATTRIBUTES)
    for (const caption of captions[attribute])
      hash.update(`${caption.text}\t${attribute}\t${caption.attributes[attribute]}\n`);
  return hash.digest('hex');
}
