import type { Dataset } from '../data/dataset';
import type { EmbeddingProgress } from '../models/embeddings';
import type { Engine } from '../models/engine';
import type { NativePlan } from '../native/addon';
import type { Means } from './metrics';
import type { NativeTrainer } from './native-trainer';
import type { SampleGrid } from './sample-grid';
import type { RunSchedule } from './schedule';

/** What happens while a run is set up. */
export interface SetupHooks {
  /** Called while captions are encoded, which happens once per data set and encoder. */
  onEmbedding?: ((progress: EmbeddingProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** How a run of any kind begins. */
export interface TrainerCreateOptions<Input> extends SetupHooks {
  /** An opened pack or its path; default `options.data.pack`. */
  data?: Dataset | string;
  /** Default: the default preset. */
  options?: Input;
  /** A folder that holds no run yet; made where it is missing. */
  runFolder: string;
}

/** How a run of any kind goes on. */
export interface TrainerResumeOptions<Input> extends SetupHooks {
  /** The run's pack where it was moved; default the path in the run's options. */
  data?: Dataset | string;
  /** Changes: the length of the run, what is kept and drawn, the machine. Others are refused by name. */
  options?: Input;
}

/** The options that every kind of run has. */
export interface RunOptions {
  data: { pack?: string | undefined };
  epochs?: number | undefined;
  steps?: number | undefined;
  keep: number;
  saveEvery: number;
}

/** What a run of any kind is made of, besides its folder. */
export interface TrainerParts<Options extends RunOptions, Metric extends string> {
  /** With the device and precision that `auto` came to mean. */
  options: Options;
  dataset: Dataset;
  engine: Engine;
  schedule: RunSchedule;
  native: NativeTrainer<Metric>;
  /** Rows of a step. */
  batchSize: number;
  plan(of: { epoch: number; stepCount: number }): NativePlan;
  /** What an epoch's line says besides means and times. */
  lineOf(epoch: number): Record<string, number>;
  /** The sample grid of an epoch; null where none is due. */
  drawGrid(at: { epoch: number; step: number }): Promise<SampleGrid | null>;
  /** Frees what the native trainer does not own. */
  release?(): Promise<void>;
  /** Writes a checkpoint durably. @param options as they are frozen */
  writeState(file: string, step: number, options: Options): Promise<void>;
}

/** What `onProgress` of `trainEpoch` is told, at most ten times a second. */
export interface RunProgress {
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
  /** Losses of the last step by kind of update. */
  losses: Record<string, number>;
  /** Rows per second since `trainEpoch` was called: real images of a GAN. */
  imagesPerSecond: number;
  /** Estimate for the rest of the run. */
  secondsLeft: number;
}

/** What `trainEpoch` did. */
export interface TrainerEpoch<Metric extends string> {
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
  means: Means<Metric>;
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
