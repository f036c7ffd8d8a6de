import type { TrainingOptions } from '../models/option-schema';

/** What the schedule of every kind of run depends on. */
export interface ScheduleOptions {
  epochs?: number | undefined;
  steps?: number | undefined;
  saveEvery: number;
}

/** Where a run stands. Follows from the number of steps alone, so it cannot disagree with the state. */
export interface Position {
  /** The epoch in progress or to come next, from 1; the last epoch when the run is done. */
  epoch: number;
  /** Steps of that epoch that are done. */
  stepInEpoch: number;
  /** Steps of that epoch. */
  stepsInEpoch: number;
  /** Steps since the start of the run. */
  step: number;
}

/** When things happen in a run: pure arithmetic over its length and the length of its epochs. */
export class RunSchedule {
  readonly stepsPerEpoch: number;
  /** Steps of the whole run. */
  readonly stepCount: number;
  readonly epochCount: number;
  readonly #saveEvery: number;
  readonly #learningRateAt: (epoch: number) => number;

  constructor(options: ScheduleOptions, stepsPerEpoch: number, learningRateAt: (epoch: number) => number) {
    this.#saveEvery = options.saveEvery;
    this.#learningRateAt = learningRateAt;
    this.stepsPerEpoch = stepsPerEpoch;
    this.stepCount = options.steps ?? options.epochs! * stepsPerEpoch;
    this.epochCount = Math.ceil(this.stepCount / stepsPerEpoch);
  }

  /** Where the run stands after `step` steps. A run of so many steps may end within an epoch. */
  positionAt(step: number): Position {
    const epoch = Math.min(Math.floor(step / this.stepsPerEpoch) + 1, this.epochCount);
    const before = (epoch - 1) * this.stepsPerEpoch;
    const stepsInEpoch = Math.min(this.stepsPerEpoch, this.stepCount - before);
    return { epoch, stepInEpoch: step - before, stepsInEpoch, step };
  }

  /** Whole epochs after `step` steps; the last one counts when the run is done. */
  epochsAfter(step: number): number {
    return step >= this.stepCount ? this.epochCount : Math.floor(step / this.stepsPerEpoch);
  }

  learningRateAt(epoch: number): number {
    return this.#learningRateAt(epoch);
  }

  /** Is `step` the end of an epoch, or of the run? */
  isEpochEnd(step: number): boolean {
    return step % this.stepsPerEpoch === 0 || step === this.stepCount;
  }

  /** Is the checkpoint of this step one of those that stay for good? */
  isMilestone(step: number): boolean {
    return step > 0 && step % (this.stepsPerEpoch * this.#saveEvery) === 0;
  }
}

/** Factor on the learning rates of an epoch by the authors' schedule: the first cut at epoch `every`. */
function cutOf({ learningRateDecay: { factor, every } }: TrainingOptions, epoch: number): number {
  return factor ** Math.floor(epoch / every);
}

/** The schedule of a GAN. */
export class Schedule extends RunSchedule {
  readonly #options: TrainingOptions;

  constructor(options: TrainingOptions, stepsPerEpoch: number) {
    super(options, stepsPerEpoch, (epoch) => options.adam.learningRate * cutOf(options, epoch));
    this.#options = options;
  }

  /** That of a text encoder that is fine-tuned: cut where the networks' own is. */
  encoderLearningRateAt(epoch: number): number | undefined {
    const { fineTune } = this.#options;
    return fineTune && fineTune.learningRate * cutOf(this.#options, epoch);
  }

  modeSeekingWeightAt(epoch: number): number {
    const { weight, decay } = this.#options.modeSeeking;
    return weight * decay ** (epoch - 1);
  }

  /** Is a sample grid drawn at the end of this epoch? */
  drawsSamples(epoch: number): boolean {
    const { sampleEvery } = this.#options;
    return sampleEvery > 0 && (epoch % sampleEvery === 0 || epoch === this.epochCount);
  }
}
