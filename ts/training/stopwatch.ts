import type { NativeRunProgress } from '../native/addon';
import type { Position, RunSchedule } from './schedule';
import type { RunProgress } from './trainer-types';

/** Time and rate of the steps of one call. */
export interface Rate {
  seconds: number;
  /** Real images per second. */
  imagesPerSecond: number;
  /** Estimate for the rest of the run. */
  secondsLeft: number;
}

/** Measures the steps of one call of `trainEpoch`. */
export class Stopwatch {
  readonly #schedule: RunSchedule;
  readonly #start: Position;
  readonly #batchSize: number;
  readonly #startedAt = performance.now();

  constructor(schedule: RunSchedule, start: Position, batchSize: number) {
    this.#schedule = schedule;
    this.#start = start;
    this.#batchSize = batchSize;
  }

  /** The rate at `step`. Nothing run yet: rate 0, and an estimate of 0. */
  stop(step: number): Rate {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const count = step - this.#start.step;
    return {
      seconds,
      imagesPerSecond: (count * this.#batchSize) / seconds,
      secondsLeft: count === 0 ? 0 : (seconds / count) * (this.#schedule.stepCount - step),
    };
  }

  progress(native: NativeRunProgress): RunProgress {
    const { epoch, stepsInEpoch, step: first, stepInEpoch } = this.#start;
    const step = first + native.nextStep - stepInEpoch;
    const { imagesPerSecond, secondsLeft } = this.stop(step);
    return {
      epoch,
      epochCount: this.#schedule.epochCount,
      stepInEpoch: native.nextStep,
      stepsInEpoch,
      step,
      stepCount: this.#schedule.stepCount,
      losses: native.losses,
      imagesPerSecond,
      secondsLeft,
    };
  }
}
