import { createHash } from 'node:crypto';
import { type FlowerAttributes, swapColors } from '../data/flowers/attributes';
import { evaluationCaption, gradientCaption, heldOutCaption } from '../data/flowers/captions';
import { CATALOGUE, type Species, type SplitName } from '../data/flowers/catalogue';
import type { ColorName } from '../data/flowers/palette';
import { PhiloxStream, PURPOSE } from '../data/philox';
import { EVALUATION_PASS } from './statistics';

/** A sentence that asks for colors, and the colors that it asks for. */
export interface AttributeCaption {
  /** Its place in its set; the seeds of its pictures follow from it. A twin has the number of its original. */
  number: number;
  text: string;
  /** Class id. */
  species: number;
  attributes: FlowerAttributes;
  petal: ColorName;
  /** The color of the tips, where the caption names one. */
  tip: ColorName | null;
  center: ColorName;
}

/** The captions of one split. They are the same in every evaluation: no seed reaches them. */
export interface CaptionSet {
  /** One petal color and one center color each, in words of training. */
  plain: AttributeCaption[];
  /** The twins of the captions with even numbers: the same sentence with the two colors exchanged. */
  twins: AttributeCaption[];
  /** The subjects of the twins' originals, said in words that no training caption has. */
  heldOut: AttributeCaption[];
  /** Two petal colors and one center color. */
  gradient: AttributeCaption[];
}

export const PLAIN_COUNT = 480;
export const GRADIENT_COUNT = 96;
/** The key of the captions' random numbers; part of the measure, never an option. */
const CAPTION_SEED = 1;

/** Writes the captions of the species of a split, species in turn. */
export function attributeCaptions(split: SplitName): CaptionSet {
  const species = CATALOGUE.filter((one) => one.split === split);
  const solid = species.filter((one) => one.attributes.tipColor === null);
  const twoColored = species.filter((one) => one.attributes.tipColor !== null);
  const plain = captionsInTurn(solid, PLAIN_COUNT, evaluationCaption);
  const even = plain.filter((caption) => caption.number % 2 === 0);
  return {
    plain,
    twins: even.map(twinOf),
    heldOut: even.map((caption) => ({
      ...caption,
      text: heldOutCaption(caption.attributes, stream(caption)),
    })),
    gradient: captionsInTurn(twoColored, GRADIENT_COUNT, gradientCaption),
  };
}

/** A third of a set, for a look in between: 160 plain captions, 80 twins, 40 in held-out words, 24 of gradients. */
export function quickCaptions({ plain, twins, heldOut, gradient }: CaptionSet): CaptionSet {
  const below = (captions: AttributeCaption[], end: number) => captions.filter(({ number }) => number < end);
  return {
    plain: below(plain, 160),
    twins: below(twins, 160),
    heldOut: below(heldOut, 80),
    gradient: below(gradient, 24),
  };
}

/** As the plain captions, for fitting the reference line on. */
export function fittingCaptions(split: SplitName, perSpecies: number): AttributeCaption[] {
  const solid = CATALOGUE.filter((one) => one.split === split && one.attributes.tipColor === null);
  return captionsInTurn(solid, perSpecies * solid.length, evaluationCaption);
}

function captionsInTurn(
  species: Species[],
  count: number,
  write: (attributes: FlowerAttributes, random: PhiloxStream) => string,
): AttributeCaption[] {
  return Array.from({ length: count }, (_, number) => {
    const { id, attributes } = species[number % species.length]!;
    return {
      number,
      text: write(attributes, stream({ number, species: id })),
      species: id,
      attributes,
      petal: attributes.petalColor,
      tip: attributes.tipColor,
      center: attributes.centerColor,
    };
  });
}

function twinOf(original: AttributeCaption): AttributeCaption {
  const attributes = swapColors(original.attributes);
  return {
    ...original,
    text: evaluationCaption(attributes, stream(original)),
    attributes,
    petal: original.center,
    center: original.petal,
  };
}

/** Same stream, same draws: that makes a twin differ from its original in the two colors alone. */
function stream({ number, species }: { number: number; species: number }): PhiloxStream {
  return new PhiloxStream(CAPTION_SEED, PURPOSE.evaluation, {
    pass: EVALUATION_PASS.captions,
    step: species,
    row: number,
  });
}

/** SHA-256 (hex) over the captions of a set and what they ask for: equal digests, equal questions. */
export function captionsDigest({ plain, twins, heldOut, gradient }: CaptionSet): string {
  const hash = createHash('sha256');
  for (const { text, petal, tip, center } of [plain, twins, heldOut, gradient].flat()) {
    hash.update(`${text}\t${petal}\t${tip}\t${center}\n`);
  }
  return hash.digest('hex');
}
