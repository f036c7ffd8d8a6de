import type { TrainingInput } from '../models/option-schema';
import type { GanMetric } from './metrics';
import type { RunProgress, TrainerCreateOptions, TrainerEpoch, TrainerResumeOptions } from './trainer-types';

/** How a run begins; default the preset `small`. */
export type GanTrainerCreateOptions = TrainerCreateOptions<TrainingInput>;

/** How a run goes on. */
export type GanTrainerResumeOptions = TrainerResumeOptions<TrainingInput>;

/** What `onProgress` of `trainEpoch` is told, at most ten times a second. */
export interface TrainingProgress extends RunProgress {
  /** Losses of the last step. */
  discriminatorLoss: number;
  generatorLoss: number;
}

/** What `trainEpoch` did. */
export type EpochResult = TrainerEpoch<GanMetric>;
