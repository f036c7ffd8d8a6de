import { DataError } from '../errors';
import type { NativePlan } from '../native/addon';
import { Kin } from './kin';
import type { Candidate, Likeness } from './likeness';
import { PhiloxStream, PURPOSE } from './philox';
import { type PlanSource, type TrainingImages, type TrainingSplits, trainingImages } from './plan-source';
import {
  type CaptionPolicy,
  candidatesOfGroup,
  captionWidth,
  drawCaptions,
  type ImagePair,
  PairSampler,
  planPass,
} from './sampling';

/** Side of the images that networks see, in pixels. */
export const planImageSide = 64;

/** What a plan of a GAN's epoch depends on, besides the data. */
export interface PlanOptions {
  seed: number;
  /** Rows of a step. */
  batchSize: number;
  splits: TrainingSplits;
  pairing: 'authors' | 'paper';
  /** Mismatching texts for each image, of as many other images; pairing `paper` only. */
  mismatches: number;
  sampling: 'balanced' | 'shuffle';
  captions: CaptionPolicy;
  crop: 'authors' | 'uniform' | 'center';
  /** Probability of a mirrored image. */
  flip: number;
  /**
   * Rows come in groups of this many with captions that are near each other (docs/step.md, section 14); 1 for none.
   * Divides `batchSize`; sampling `balanced`, and plans are asked for with a likeness.
   */
  groupSize: number;
  /** With the class of each row's image, which a contrastive term or a guide asks for. */
  classes: boolean;
}

/** One epoch of a run. */
export interface PlanEpoch {
  /** From 1. */
  epoch: number;
  /** Steps of this epoch, at most those of a whole one. */
  stepCount: number;
  learningRate: number;
  modeSeekingWeight: number;
  /** Of a text encoder that is fine-tuned. */
  encoderLearningRate?: number | undefined;
}

const DISCRIMINATOR = 0;
const GENERATOR = 1;

/**
 * Writes the plans of a run's epochs. Pure: an epoch's plan follows from data, options and the number of the epoch
 * alone, and a row of it from its own random numbers alone, so a shorter epoch is the beginning of a longer one.
 */
export class EpochPlanner {
  readonly #source: PlanSource;
  readonly #options: PlanOptions;
  readonly #training: TrainingImages;
  readonly #pairs: PairSampler;
  /**
   * Steps of a whole epoch. `balanced` draws with replacement; its epoch is the authors' ceil(files / batch), where
   * files are those of the trained classes. `shuffle` is through when every image was used.
   */
  readonly stepsPerEpoch: number;

  /** @throws DataError where the data set has nothing to train on or stores too small images */
  constructor(source: PlanSource, options: PlanOptions) {
    if (source.imageSize < planImageSide)
      throw new DataError(
        `The data set's images must be at least ${planImageSide} pixels wide, but are ${source.imageSize} instead.`,
        { hint: 'Pack the images again with `--size 76`.' },
      );
    this.#source = source;
    this.#options = options;
    this.#training = trainingImages(source, options.splits);
    this.#pairs = new PairSampler(source, this.#training);
    const { fileCount, images } = this.#training;
    const size = options.sampling === 'balanced' ? fileCount : images.length;
    this.stepsPerEpoch = Math.ceil(size / options.batchSize);
  }

  /** How many images train. */
  get imageCount(): number {
    return this.#training.images.length;
  }

  /** Ids of the classes that train; empty without classes. */
  get classIds(): readonly number[] {
    return this.#training.classIds;
  }

  /**
   * The plan of an epoch.
   * @param likeness of captions, for groups
   * @throws DataError where no mismatching image exists
   */
  plan({ epoch, stepCount, ...rates }: PlanEpoch, likeness: Likeness | null = null): NativePlan {
    const { batchSize, captions, groupSize, sampling, seed } = this.#options;
    const rowCount = stepCount * batchSize;
    const rows = new PlanRows(rowCount, captionWidth(captions), this.#options);
    const order = sampling === 'shuffle' ? this.#permutation(epoch) : null;
    let kin: Kin | null = null;
    for (let row = 0; row < rowCount; row++) {
      const stream = new PhiloxStream(seed, PURPOSE.plan, { step: epoch, pass: planPass.row, row });
      const chosen = kin !== null && row % groupSize > 0 ? this.#near(stream, kin) : null;
      const image = chosen?.image ?? order?.[row % order.length] ?? this.#pairs.image(stream);
      const pair = this.#pairs.mismatch(stream, image);
      const first = this.#writeRow(rows, row, { ...pair, captions: chosen?.captions }, stream);
      if (groupSize > 1 && chosen === null) kin = new Kin(first, this.#source, likeness!);
    }
    return {
      version: 2,
      rowCount,
      captionsPerImage: captionWidth(captions),
      columns: rows.columns,
      ...stepTable(stepCount, batchSize),
      values: planValues(rates),
    };
  }

  /** All training images in random order; an epoch's last step is filled up from its beginning. */
  #permutation(epoch: number): number[] {
    const stream = new PhiloxStream(this.#options.seed, PURPOSE.plan, {
      step: epoch,
      pass: planPass.permutation,
    });
    return stream.shuffle([...this.#training.images]);
  }

  /** For a row of a group: of some candidates the one whose captions are nearest to those of its first row. */
  #near(stream: PhiloxStream, kin: Kin): Candidate {
    const { captions, seed } = this.#options;
    const candidates = Array.from({ length: candidatesOfGroup }, () => {
      const image = this.#pairs.image(stream);
      return { image, captions: drawCaptions(stream, this.#source, image, captions, seed) };
    });
    return kin.nearest(candidates);
  }

  /**
   * The order of the draws is fixed: image, its place, its captions unless a group has chosen them, then what does not
   * match.
   */
  #writeRow(
    rows: PlanRows,
    row: number,
    pair: ImagePair & Partial<Candidate>,
    stream: PhiloxStream,
  ): Candidate {
    const { captions, classes, mismatches, pairing, seed } = this.#options;
    const { cropX, cropY, flip } = this.#view(stream);
    rows.set(row, { image: pair.image, cropX, cropY, flip });
    if (classes) rows.set(row, { class: this.#classOf(pair.image) });
    const chosen = pair.captions ?? drawCaptions(stream, this.#source, pair.image, captions, seed);
    rows.setCaptions('captions', row, chosen);
    if (pairing === 'authors') {
      const view = this.#view(stream);
      rows.set(row, {
        mismatchedImage: pair.mismatched,
        mismatchedCropX: view.cropX,
        mismatchedCropY: view.cropY,
        mismatchedFlip: view.flip,
      });
    } else {
      for (let k = 0; k < mismatches; k++) {
        const { mismatched } = k === 0 ? pair : this.#pairs.mismatch(stream, pair.image);
        const texts = drawCaptions(stream, this.#source, mismatched, captions, seed);
        rows.setCaptions('mismatchedCaptions', row * mismatches + k, texts);
      }
    }
    return { image: pair.image, captions: chosen };
  }

  /** Without classes each image is one of its own. */
  #classOf(image: number): number {
    return this.#training.byClass === null ? image : this.#source.classOf[image]!;
  }

  #view(stream: PhiloxStream): { cropX: number; cropY: number; flip: number } {
    const cropX = this.#offset(stream);
    const cropY = this.#offset(stream);
    return { cropX, cropY, flip: stream.uniform() < this.#options.flip ? 1 : 0 };
  }

  /** The authors' offsets run from 1 to the margin; 0 never occurs. */
  #offset(stream: PhiloxStream): number {
    const margin = this.#source.imageSize - planImageSide;
    if (margin === 0) return 0;
    if (this.#options.crop === 'center') return Math.floor(margin / 2);
    return this.#options.crop === 'authors' ? 1 + stream.below(margin) : stream.below(margin + 1);
  }
}

function planValues(rates: Omit<PlanEpoch, 'epoch' | 'stepCount'>): Record<string, number> {
  const { learningRate, modeSeekingWeight, encoderLearningRate } = rates;
  const values = { learningRate, modeSeekingWeight };
  return encoderLearningRate === undefined ? values : { ...values, encoderLearningRate };
}

/** The columns of a plan. */
class PlanRows {
  readonly columns: Record<string, Int32Array> = {};
  readonly #width: number;

  constructor(rowCount: number, width: number, { pairing, mismatches, classes }: PlanOptions) {
    this.#width = width;
    const single = ['image', 'cropX', 'cropY', 'flip'];
    if (classes) single.push('class');
    const lists: Record<string, number> = { captions: 1 };
    if (pairing === 'paper') lists.mismatchedCaptions = mismatches;
    else single.push('mismatchedImage', 'mismatchedCropX', 'mismatchedCropY', 'mismatchedFlip');
    for (const name of single) this.columns[name] = new Int32Array(rowCount);
    for (const [name, count] of Object.entries(lists))
      this.columns[name] = new Int32Array(rowCount * count * width).fill(-1);
  }

  set(row: number, values: Record<string, number>): void {
    for (const [name, value] of Object.entries(values)) this.columns[name]![row] = value;
  }

  setCaptions(name: 'captions' | 'mismatchedCaptions', list: number, captions: readonly number[]): void {
    this.columns[name]!.set(captions, list * this.#width);
  }
}

/** One discriminator and one generator update over the same rows, step after step. */
function stepTable(stepCount: number, batchSize: number): Pick<NativePlan, 'updates' | 'stepStart'> {
  const updates = new Int32Array(stepCount * 6);
  const stepStart = new Int32Array(stepCount + 1);
  for (let step = 0; step < stepCount; step++) {
    const firstRow = step * batchSize;
    updates.set([DISCRIMINATOR, firstRow, batchSize, GENERATOR, firstRow, batchSize], step * 6);
    stepStart[step + 1] = 2 * (step + 1);
  }
  return { updates, stepStart };
}
