import type { Dataset } from '../data/dataset';
import type { TrainingInput } from '../models/option-schema';
import type { SetupHooks } from './gan-setup';
import type { GanMeans } from './metrics';

/** How a run begins. */
export interface GanTrainerCreateOptions extends SetupHooks {
  /** An opened pack or its path; default `options.data.pack`. */
  data?: Dataset | string;
  /** Default: the preset `small`. */
  options?: TrainingInput;
  /** A folder that holds no run yet; made where it is missing. */
  runFolder: string;
}

/** How a run goes on. */
export interface GanTrainerResumeOptions extends SetupHooks {
  /** The run's pack where it was moved; default the path in the run's options. */
  data?: Dataset | string;
  /** Changes: the length of the run, what is kept and drawn, the machine. Others are refused by name. */
  options?: TrainingInput;
}

/** What `onProgress` of `trainEpoch` is told, at most ten times a second. */
export interface TrainingProgress {
  /** From 1. */
  epoch: number;
  epochCount: number;
  /** Steps of the epoch that are done. */
  stepInEpoch: number;
  stepsInEpoch: number;
  /** Steps since the start of the run. */
  step: number;
  /** Steps of the whole run. */
  stepCount: number;
  /** Losses of the last step. */
  discriminatorLoss: number;
  generatorLoss: number;
  /** Real images per second since `trainEpoch` was called. */
  imagesPerSecond: number;
  /** Estimate for the rest of the run. */
  secondsLeft: number;
}

/** What `trainEpoch` did. */
export interface EpochResult {
  epoch: number;
  /** Steps since the start of the run. */
  step: number;
  stepCount: number;
  /** True where the epoch is whole; false where a signal ended it before. The next call goes on from there. */
  completed: boolean;
  /** True where the signal was aborted. */
  stopped: boolean;
  /** True where the run is whole. */
  done: boolean;
  /** Means over the epoch's steps so far, also those of an earlier process. */
  means: GanMeans;
  learningRate: number;
  /** Time and rate of the steps of this call. */
  seconds: number;
  imagesPerSecond: number;
  /** Estimate for the rest of the run. */
  secondsLeft: number;
  /** The checkpoint that was written; null where no step was run. */
  checkpoint: string | null;
  /** The sample grid that was drawn; null where none was due. */
  samples: string | null;
}
