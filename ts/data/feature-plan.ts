import type { NativePlan } from '../native/addon';
import { PhiloxStream, PURPOSE } from './philox';
import { type PlanSource, type TrainingImages, type TrainingSplits, trainingImages } from './plan-source';
import { planPass } from './sampling';
import { singleUpdates, updateKind } from './step-table';

/** What a plan of a feature network's epoch depends on, besides the data. */
export interface FeaturePlanOptions {
  seed: number;
  /** At most; never more than there are images. */
  batchSize: number;
  splits: TrainingSplits;
  /** Side of the random crops, in pixels of the stored images. */
  cropSide: number;
  /** Probability of a mirrored image. */
  flip: number;
}

/** Writes the plans of a feature network's epochs: every training image once, in random order, cropped at random. */
export class FeaturePlanner {
  readonly training: TrainingImages;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly #options: FeaturePlanOptions;
  readonly #room: number;

  constructor(source: PlanSource, options: FeaturePlanOptions) {
    this.training = trainingImages(source, options.splits);
    this.#options = options;
    this.#room = source.imageSize - options.cropSide + 1;
    this.batchSize = Math.min(options.batchSize, this.training.images.length);
    this.stepsPerEpoch = Math.ceil(this.training.images.length / this.batchSize);
  }

  /** The plan of an epoch; its last step is filled up from its beginning. */
  plan(of: { epoch: number; stepCount: number; learningRate: number }): NativePlan {
    const { seed, flip } = this.#options;
    const rowCount = of.stepCount * this.batchSize;
    const at = { step: of.epoch, pass: planPass.permutation };
    const order = new PhiloxStream(seed, PURPOSE.plan, at).shuffle([...this.training.images]);
    const names = ['image', 'cropX', 'cropY', 'flip'] as const;
    const columns = Object.fromEntries(names.map((name) => [name, new Int32Array(rowCount)]));
    for (let row = 0; row < rowCount; row++) {
      const stream = new PhiloxStream(seed, PURPOSE.plan, { step: of.epoch, pass: planPass.row, row });
      columns.image![row] = order[row % order.length]!;
      columns.cropX![row] = stream.below(this.#room);
      columns.cropY![row] = stream.below(this.#room);
      columns.flip![row] = stream.uniform() < flip ? 1 : 0;
    }
    const table = singleUpdates(updateKind.features, of.stepCount, this.batchSize);
    const { learningRate } = of;
    return { version: 2, rowCount, captionsPerImage: 1, columns, ...table, values: { learningRate } };
  }
}
