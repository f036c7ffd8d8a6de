import type { PhiloxStream } from '../philox';
import type { FlowerAttributes } from './attributes';
import type { ColorName } from './palette';
import {
  ADJECTIVES_ONLY,
  CENTER_NOUNS,
  COLOR_WORDS,
  COUNT_WORDS,
  EDGE_WORDS,
  FLOWER_NOUNS,
  LAYER_WORDS,
  SHAPE_WORDS,
  SIZE_WORDS,
  STAMEN_WORDS,
  type WordList,
} from './words';

/** What a caption can be written from; attributes that are left out are not spoken of. */
export type CaptionSubject = Pick<FlowerAttributes, 'petalColor' | 'centerColor'> & Partial<FlowerAttributes>;

export interface FlowerCaption {
  readonly text: string;
  /** True where a word is used that training captions never have. */
  readonly held: boolean;
}

type Vocabulary = 'training' | 'heldOut';

/** Chances of naming each thing; of colors nearly always, of the rest about half the time. */
const CHANCE = { petalColor: 0.97, centerColor: 0.87, tip: 0.93, count: 0.3, shape: 0.4, edge: 0.25 };
const CHANCE_REST = { layers: 0.2, size: 0.3, stamens: 0.25 };

/** Writes one caption; every draw is an index, so that swapped colors and the same stream give a twin. */
class CaptionWriter {
  #held = false;

  constructor(
    readonly subject: CaptionSubject,
    readonly stream: PhiloxStream,
    readonly vocabulary: Vocabulary,
    readonly always: boolean,
  ) {}

  get held(): boolean {
    return this.#held;
  }

  #chance(p: number): boolean {
    return this.stream.uniform() < p;
  }

  #word({ training, heldOut }: WordList): string {
    const held = this.vocabulary === 'heldOut' && heldOut.length > 0;
    this.#held ||= held;
    return this.stream.pick(held ? heldOut : training);
  }

  #color(name: ColorName): string {
    return this.#word(COLOR_WORDS[name]);
  }

  #colorNoun(name: ColorName): string {
    const { training, heldOut } = COLOR_WORDS[name];
    const nouns = (list: readonly string[]) => list.filter((word) => !ADJECTIVES_ONLY.has(word)).slice(0, 2);
    return this.#word({ training: nouns(training), heldOut: nouns(heldOut).slice(0, 1) });
  }

  #tip(): string {
    const { tipColor } = this.subject;
    if (!tipColor || !(this.#chance(CHANCE.tip) || this.always)) return '';
    const form = this.stream.below(4);
    if (form === 0) return ` fading to ${this.#colorNoun(tipColor)}`;
    if (form === 1) return ` turning ${this.#color(tipColor)} at the tips`;
    if (form === 2) return ` with ${this.#color(tipColor)} tips`;
    return ` tipped with ${this.#colorNoun(tipColor)}`;
  }

  /** "two layers of eight wavy crimson petals fading to white" */
  petals(): string {
    const { subject } = this;
    const words: string[] = [];
    const says = <T extends PropertyKey>(
      value: T | undefined,
      table: Readonly<Record<T, WordList>>,
      p: number,
    ) => (this.#chance(p) && value !== undefined ? this.#word(table[value]) : '');
    const layers = says(subject.layers, LAYER_WORDS, CHANCE_REST.layers);
    words.push(layers, says(subject.petalCount, COUNT_WORDS, CHANCE.count));
    const edge = says(subject.petalEdge, EDGE_WORDS, CHANCE.edge);
    const edgeLast = this.#chance(0.5);
    if (!edgeLast) words.push(edge);
    words.push(says(subject.petalShape, SHAPE_WORDS, CHANCE.shape));
    const named = this.always || this.#chance(CHANCE.petalColor);
    if (named) words.push(this.#color(subject.petalColor));
    const tail = `${named ? this.#tip() : ''}${edgeLast && edge ? ` with ${edge} edges` : ''}`;
    return `${words.filter(Boolean).join(' ')} petals${tail}`.trim();
  }

  /** "a large golden eye", "a heart of ruby" */
  center(determiner: 'a' | 'the' | 'its'): string {
    const { centerSize, centerColor } = this.subject;
    const size = this.#chance(CHANCE_REST.size) && centerSize ? `${this.#word(SIZE_WORDS[centerSize])} ` : '';
    const noun = this.#word(CENTER_NOUNS);
    const named = this.always || this.#chance(CHANCE.centerColor);
    const ofForm = this.#chance(0.1);
    if (!named) return article(determiner, `${size}${noun}`);
    if (ofForm) return article(determiner, `${size}${noun} of ${this.#colorNoun(centerColor)}`);
    return article(determiner, `${size}${this.#color(centerColor)} ${noun}`);
  }

  flower(): string {
    return this.#word(FLOWER_NOUNS);
  }

  stamens(): string {
    const { stamens } = this.subject;
    return this.#chance(CHANCE_REST.stamens) && stamens ? this.#word(STAMEN_WORDS[stamens]) : '';
  }

  /** "the petals are crimson and wavy" */
  petalSentence(): string {
    const { subject } = this;
    const color = this.always || this.#chance(CHANCE.petalColor) ? this.#color(subject.petalColor) : '';
    const shape = this.#chance(0.6) && subject.petalShape ? this.#word(SHAPE_WORDS[subject.petalShape]) : '';
    const edge = this.#chance(0.3) && subject.petalEdge ? this.#word(EDGE_WORDS[subject.petalEdge]) : '';
    const words = [color, shape, edge].filter(Boolean);
    if (words.length === 0) return `${this.#chance(0.5) ? 'its' : 'the'} petals are easy to see`;
    return `${this.#chance(0.5) ? 'its' : 'the'} petals are ${words.join(' and ')}${color ? this.#tip() : ''}`;
  }

  /** "the heart is sunny" */
  centerSentence(): string {
    const noun = this.#word(CENTER_NOUNS);
    const { centerColor } = this.subject;
    const named = this.always || this.#chance(CHANCE.centerColor);
    return named ? `the ${noun} is ${this.#color(centerColor)}` : `the ${noun} is easy to see`;
  }

  sentence(): string {
    const form = this.stream.below(FORMS.length);
    const text = FORMS[form]!(this);
    return this.#chance(0.4) ? `${text[0]!.toUpperCase()}${text.slice(1)}.` : text;
  }
}

function article(determiner: string, phrase: string): string {
  if (determiner !== 'a') return `${determiner} ${phrase}`;
  return `${/^[aeiou]/.test(phrase) ? 'an' : 'a'} ${phrase}`;
}

const andStamens = (w: CaptionWriter) => {
  const stamens = w.stamens();
  return stamens ? ` and ${stamens}` : '';
};

/** The shapes of sentences, all equally likely. */
const FORMS: readonly ((w: CaptionWriter) => string)[] = [
  (w) => `a ${w.flower()} with ${w.petals()} and ${w.center('a')}${andStamens(w)}`,
  (w) => `this ${w.flower()} has ${w.petals()} and ${w.center('a')}${andStamens(w)}`,
  (w) => `a ${w.flower()} with ${w.petals()} around ${w.center('a')}${andStamens(w)}`,
  (w) => `${w.petals()} surround ${w.center('a')}${andStamens(w)}`,
  (w) => `this ${w.flower()} has ${w.center('a')} surrounded by ${w.petals()}`,
  (w) => `${w.center('a')}${andStamens(w)} inside ${w.petals()}`,
  (w) => `${w.petalSentence()}, and ${w.centerSentence()}`,
  (w) => `a ${w.flower()} with ${w.center('a')}; ${w.petalSentence()}`,
  (w) => `${w.petals()}, ${w.center('a')}${andStamens(w)}`,
  (w) => `this is a ${w.flower()} of ${w.petals()} and ${w.center('a')}${andStamens(w)}`,
];

function write(subject: CaptionSubject, stream: PhiloxStream, vocabulary: Vocabulary, always: boolean) {
  const writer = new CaptionWriter(subject, stream, vocabulary, always);
  const text = writer.sentence();
  return { text, held: writer.held };
}

/**
 * Captions of one picture, all different.
 * @param heldOutCount how many of them, the last, use held-out words; 0 for training species
 */
export function captionsFor(
  attributes: FlowerAttributes,
  stream: PhiloxStream,
  { count = 10, heldOutCount = 0 }: { count?: number; heldOutCount?: number } = {},
): FlowerCaption[] {
  const captions: FlowerCaption[] = [];
  while (captions.length < count) {
    const heldOut = captions.length >= count - heldOutCount;
    const caption = write(attributes, stream, heldOut ? 'heldOut' : 'training', heldOut);
    if (captions.every((other) => other.text !== caption.text)) captions.push(caption);
  }
  return captions;
}

function withoutTip(subject: CaptionSubject): CaptionSubject {
  return { ...subject, tipColor: null };
}

/** A caption that names exactly one petal color and one center color, in words of training. The same stream
 * state and swapped colors give its twin. */
export function evaluationCaption(subject: CaptionSubject, stream: PhiloxStream): string {
  return write(withoutTip(subject), stream, 'training', true).text;
}

/** As `evaluationCaption`, for a petal of two colors: names both of them and the center's. */
export function gradientCaption(subject: CaptionSubject, stream: PhiloxStream): string {
  return write(subject, stream, 'training', true).text;
}

/** As `evaluationCaption`, in words that training captions never use. */
export function heldOutCaption(subject: CaptionSubject, stream: PhiloxStream): string {
  return write(withoutTip(subject), stream, 'heldOut', true).text;
}
