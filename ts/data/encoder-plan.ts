import { DataError } from '../errors';
import type { NativePlan } from '../native/addon';
import { PhiloxStream, PURPOSE } from './philox';
import {
  type PlanSource,
  type TrainingImages,
  type TrainingSplits,
  trainingCaptions,
  trainingImages,
} from './plan-source';
import { planPass, shareOfOwnClasses } from './sampling';
import { singleUpdates, updateKind } from './step-table';

/** What a plan of a text encoder's epoch depends on, besides the data. */
export interface EncoderPlanOptions {
  seed: number;
  /** At most; never more than there are classes. */
  batchSize: number;
  splits: TrainingSplits;
  objective: 'sje' | 'captions';
  /** Views of each image's features; 0 for the objective `captions`. */
  viewCount: number;
  /** Steps of an epoch; 0 for as many as there are named classes, as the authors count (images / batch without any). */
  stepsPerEpoch: number;
}

/** One epoch of a run. */
export interface EncoderPlanEpoch {
  /** From 1. */
  epoch: number;
  stepCount: number;
  learningRate: number;
}

const searchesPerRow = 256;

/** `count` different numbers below `limit`. */
function distinctBelow(stream: PhiloxStream, limit: number, count: number): number[] {
  const order = Array.from({ length: limit }, (_, place) => place);
  for (let i = 0; i < count; i++) {
    const j = i + stream.below(limit - i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order.slice(0, count);
}

/**
 * Writes the plans of a text encoder's epochs. A batch is of distinct classes, of each one image, one view of its
 * features and one of its captions (the authors' `MultimodalMinibatchLoaderCaption.lua`). Images which are a class of
 * their own (hybrids) beside named classes come to one half of a batch, as in the batches of a GAN. Without classes each
 * image is a class of its own, and no two rows share a caption.
 */
export class EncoderPlanner {
  readonly #source: PlanSource;
  readonly #options: EncoderPlanOptions;
  readonly #training: TrainingImages;
  /** Rows of a step that are of images which are a class of their own. */
  readonly #ownRows: number;
  /** Rows of a step. */
  readonly batchSize: number;
  readonly stepsPerEpoch: number;

  /** @throws DataError where a batch of two cannot be made */
  constructor(source: PlanSource, options: EncoderPlanOptions) {
    this.#source = source;
    this.#options = options;
    this.#training = trainingImages(source, options.splits);
    const { byClass, classIds, images } = this.#training;
    const own = byClass === null ? 0 : byClass.length - classIds.length;
    this.#ownRows = Math.min(own, Math.floor(options.batchSize * shareOfOwnClasses));
    const others = byClass === null ? images.length : classIds.length;
    this.batchSize = this.#ownRows + Math.min(options.batchSize - this.#ownRows, others);
    if (this.batchSize < 2)
      throw new DataError('A text encoder needs at least two images to tell apart, but there is one.');
    const whole = byClass === null ? Math.ceil(images.length / this.batchSize) : classIds.length;
    this.stepsPerEpoch = options.stepsPerEpoch > 0 ? options.stepsPerEpoch : whole;
  }

  get training(): TrainingImages {
    return this.#training;
  }

  /** The plan of an epoch. A step draws from its own numbers, so a shorter epoch is the beginning of a longer one. */
  plan({ epoch, stepCount, learningRate }: EncoderPlanEpoch): NativePlan {
    const rowCount = stepCount * this.batchSize;
    const { objective } = this.#options;
    const names = objective === 'sje' ? ['image', 'view', 'caption'] : ['caption', 'otherCaption'];
    const columns = Object.fromEntries(names.map((name) => [name, new Int32Array(rowCount)]));
    for (let step = 0; step < stepCount; step++) this.#writeStep(columns, epoch, step);
    const table = singleUpdates(updateKind.encoder, stepCount, this.batchSize);
    return { version: 2, rowCount, captionsPerImage: 1, columns, ...table, values: { learningRate } };
  }

  #writeStep(columns: Record<string, Int32Array>, epoch: number, step: number): void {
    const { seed, objective, viewCount } = this.#options;
    const row = step * this.batchSize;
    const stream = new PhiloxStream(seed, PURPOSE.plan, { step: epoch, pass: planPass.row, row: step });
    this.#images(stream).forEach((image, i) => {
      const captions = trainingCaptions(this.#source, image);
      columns.caption![row + i] = stream.pick(captions);
      if (objective === 'sje') {
        columns.image![row + i] = image;
        columns.view![row + i] = stream.below(viewCount);
      } else {
        const others = captions.filter((caption) => caption !== columns.caption![row + i]);
        columns.otherCaption![row + i] = others.length === 0 ? captions[0]! : stream.pick(others);
      }
    });
  }

  /** One image of each of `batchSize` distinct classes. */
  #images(stream: PhiloxStream): number[] {
    const { byClass, classIds, images } = this.#training;
    if (byClass === null) return this.#imagesWithoutClasses(stream, images);
    const named = classIds.length;
    const places = distinctBelow(stream, named, this.batchSize - this.#ownRows);
    const own = distinctBelow(stream, byClass.length - named, this.#ownRows);
    return [...places, ...own.map((place) => named + place)].map((place) => {
      const images = byClass[place]!;
      return images[stream.below(images.length)]!;
    });
  }

  #imagesWithoutClasses(stream: PhiloxStream, images: Int32Array): number[] {
    const chosen: number[] = [];
    const taken = new Set<number>();
    const { captionStart, captionKey } = this.#source;
    for (let draw = 0; chosen.length < this.batchSize; draw++) {
      if (draw > searchesPerRow * this.batchSize)
        throw new DataError(
          `No ${this.batchSize} images could be drawn of which no two share a caption, though each must be told from the others.`,
          { hint: 'Train with a smaller `batchSize`, or on images with captions of their own.' },
        );
      const image = images[stream.below(images.length)]!;
      const keys = [...captionKey.subarray(captionStart[image]!, captionStart[image + 1]!)];
      if (chosen.includes(image) || keys.some((key) => taken.has(key))) continue;
      for (const key of keys) taken.add(key);
      chosen.push(image);
    }
    return chosen;
  }
}
