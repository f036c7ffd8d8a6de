import { DataError } from '../errors';
import { PhiloxStream, PURPOSE } from './philox';
import { type PlanSource, type TrainingImages, trainingCaptions } from './plan-source';

/**
 * The pass word of purpose *plan*. Rows: the row of the epoch, the permutation's index, the image.
 * The step word is the epoch (from 1), and 0 for what is chosen once a run.
 */
export const planPass = { row: 0, permutation: 1, chosenCaptions: 2, sampleGrid: 3, likeness: 4 } as const;

/** How captions of a row are chosen; `count` of them at most. */
export interface CaptionPolicy {
  choice: 'replace' | 'distinct' | 'random-count' | 'chosen-once';
  count: number;
}

/** Entries of a plan's row that a policy fills: `chosen-once` uses one caption a step. */
export function captionWidth({ choice, count }: CaptionPolicy): number {
  return choice === 'chosen-once' ? 1 : count;
}

/** The first `count` of a random order, without shuffling the rest (Fisher and Yates from the front). */
function distinct(stream: PhiloxStream, list: readonly number[], count: number): number[] {
  const copy = [...list];
  const taken = Math.min(count, copy.length);
  for (let i = 0; i < taken; i++) {
    const j = i + stream.below(copy.length - i);
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy.slice(0, taken);
}

/**
 * Captions of an image for one row. Fewer than the width where the image has fewer.
 * @param seed key of what is chosen once for the run
 */
export function drawCaptions(
  stream: PhiloxStream,
  source: PlanSource,
  image: number,
  { choice, count }: CaptionPolicy,
  seed: number,
): number[] {
  const captions = trainingCaptions(source, image);
  switch (choice) {
    case 'replace':
      return Array.from({ length: count }, () => stream.pick(captions));
    case 'distinct':
      return distinct(stream, captions, count);
    case 'random-count':
      return distinct(stream, captions, 1 + stream.below(count));
    case 'chosen-once': {
      const once = new PhiloxStream(seed, PURPOSE.plan, { pass: planPass.chosenCaptions, row: image });
      return [stream.pick(distinct(once, captions, count))];
    }
  }
}

/** An image and one that does not fit its captions. */
export interface ImagePair {
  image: number;
  mismatched: number;
}

/** Candidates of a row of a group, of which the nearest is taken. */
export const candidatesOfGroup = 256;
const DRAWS_BEFORE_SEARCH = 64;
/** Part of the rows that is of images which are a class of their own, where there are some beside named classes. */
export const shareOfOwnClasses = 0.5;

/**
 * Draws pairs of a matching and a mismatching image. Every class is as likely, except that images which are a class of
 * their own (hybrids), where a data set has some beside its named classes, come to one half of the draws together:
 * there are so many of these classes that the others would hardly ever be drawn.
 */
export class PairSampler {
  readonly #source: PlanSource;
  readonly #training: TrainingImages;
  /** Place in `byClass` of each class id. */
  readonly #placeOfClass: Map<number, number>;

  constructor(source: PlanSource, training: TrainingImages) {
    this.#source = source;
    this.#training = training;
    this.#placeOfClass = new Map(
      (training.byClass ?? []).map((images, place) => [source.classOf[images[0]!]!, place]),
    );
  }

  /**
   * The authors' draw (`donkey_folder_txt.lua`): two different classes uniformly, then an image of each uniformly.
   * Without classes an image uniformly, then any that shares no caption with it. With hybrids see above.
   */
  balanced(stream: PhiloxStream): ImagePair {
    return this.mismatch(stream, this.image(stream));
  }

  /** The image of a pair alone. */
  image(stream: PhiloxStream): number {
    const { byClass, images } = this.#training;
    if (byClass === null) return images[stream.below(images.length)]!;
    return this.#imageOf(stream, this.#place(stream));
  }

  /** A mismatching image for a given one: of another class, or without classes one that shares no caption. */
  mismatch(stream: PhiloxStream, image: number): ImagePair {
    if (this.#training.byClass === null)
      return { image, mismatched: this.#withoutSharedCaption(stream, image) };
    const place = this.#placeOfClass.get(this.#source.classOf[image]!)!;
    return { image, mismatched: this.#imageOf(stream, this.#placeBut(stream, place)) };
  }

  /** A class. Only a data set that has hybrids draws the number that chooses between them and the named classes. */
  #place(stream: PhiloxStream): number {
    const named = this.#training.classIds.length;
    const own = this.#ownClasses;
    if (own > 0 && stream.uniform() < shareOfOwnClasses) return named + stream.below(own);
    return stream.below(named);
  }

  /** Another class than that at `place`, as `#place` draws it. */
  #placeBut(stream: PhiloxStream, place: number): number {
    if (this.#ownClasses === 0) return this.#otherPlace(stream, place);
    for (;;) {
      const other = this.#place(stream);
      if (other !== place) return other;
    }
  }

  /** Images that are a class of their own. */
  get #ownClasses(): number {
    return this.#training.byClass!.length - this.#training.classIds.length;
  }

  #otherPlace(stream: PhiloxStream, place: number): number {
    const drawn = stream.below(this.#training.byClass!.length - 1);
    return drawn < place ? drawn : drawn + 1;
  }

  #imageOf(stream: PhiloxStream, place: number): number {
    const images = this.#training.byClass![place]!;
    return images[stream.below(images.length)]!;
  }

  #withoutSharedCaption(stream: PhiloxStream, image: number): number {
    const { images } = this.#training;
    const own = this.#keysOf(image);
    const fits = (other: number) => other !== image && this.#keysOf(other).every((key) => !own.includes(key));
    for (let draw = 0; draw < DRAWS_BEFORE_SEARCH; draw++) {
      const other = images[stream.below(images.length)]!;
      if (fits(other)) return other;
    }
    const candidates = [...images].filter(fits);
    if (candidates.length > 0) return stream.pick(candidates);
    throw new DataError('No image is left that shares no caption with another: every pair would match.', {
      hint: 'Training needs images with different captions; look for one caption that every image carries.',
    });
  }

  /** Keys of all captions, held ones too: a held caption describes the image as well. */
  #keysOf(image: number): number[] {
    const { captionStart, captionKey } = this.#source;
    return [...captionKey.subarray(captionStart[image]!, captionStart[image + 1]!)];
  }
}
