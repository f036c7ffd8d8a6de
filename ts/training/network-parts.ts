import type { Dataset } from '../data/dataset';
import type { TrainingImages } from '../data/plan-source';
import type { EncoderProvenance } from '../models/encoder-file';
import type { Engine } from '../models/engine';
import { florigenVersion } from '../models/provenance';
import type { NativePlan } from '../native/addon';
import { machineOf } from './machine';
import type { NativeTrainer } from './native-trainer';
import { RunSchedule } from './schedule';
import { TrainerCheckpoint } from './trainer-checkpoint';
import { stateTensors } from './trainer-state';
import type { RunOptions, TrainerParts } from './trainer-types';

/** The options that the runs of a text encoder and of a feature network share. */
interface NetworkRunOptions extends RunOptions {
  preset: string;
  seed: number;
  data: { pack?: string | undefined; features?: string | undefined; splits: string };
  learningRateDecay: { factor: number; every: number };
}

/** What such a run is made of. */
interface NetworkCore<Options extends NetworkRunOptions, Metric extends string> {
  options: Options;
  dataset: Dataset;
  engine: Engine;
  native: NativeTrainer<Metric>;
  planner: {
    training: TrainingImages;
    batchSize: number;
    stepsPerEpoch: number;
    plan(of: { epoch: number; stepCount: number; learningRate: number }): NativePlan;
  };
}

/** What differs between them. */
interface NetworkKind {
  /** The format of its checkpoints. */
  format: string;
  /** Before the first cut. */
  learningRate: number;
  /** What makes the network again, as its own file says it. */
  network: object;
  /** What its file says besides of where it comes from. */
  provenance?: Record<string, unknown>;
}

/** The parts of the run of one network that is no GAN's: cut learning rates, no pictures, checkpoints of their own. */
export function networkParts<Options extends NetworkRunOptions, Metric extends string>(
  core: NetworkCore<Options, Metric>,
  kind: NetworkKind,
): TrainerParts<Options, Metric> {
  const { options, dataset, engine, native, planner } = core;
  const { factor, every } = options.learningRateDecay;
  // The first cut comes after `every` whole epochs: an epoch later than a GAN's, which follows its authors' count.
  const schedule = new RunSchedule(
    options,
    planner.stepsPerEpoch,
    (epoch) => kind.learningRate * factor ** Math.floor((epoch - 1) / every),
  );
  return {
    options,
    dataset,
    engine,
    schedule,
    native,
    batchSize: planner.batchSize,
    plan: ({ epoch, stepCount }) =>
      planner.plan({ epoch, stepCount, learningRate: schedule.learningRateAt(epoch) }),
    lineOf: () => ({}),
    drawGrid: async () => null,
    writeState: async (file, step, frozen) => {
      const { epoch, stepInEpoch } = schedule.positionAt(step);
      const { pack: _, features: __, ...data } = frozen.data;
      const state = {
        options: { ...frozen, data },
        network: kind.network,
        provenance: { ...provenanceOf(core, step), ...kind.provenance },
        progress: { step, epoch, stepInEpoch },
        machine: machineOf(engine),
      };
      await TrainerCheckpoint.write(file, kind.format, state, stateTensors(native));
    },
  };
}

function provenanceOf<Options extends NetworkRunOptions>(
  { options, dataset, planner: { training } }: NetworkCore<Options, string>,
  step: number,
): EncoderProvenance {
  return {
    florigen: florigenVersion(),
    trainedClasses: [...training.classIds],
    catalogueVersion: dataset.metadata.generator?.catalogueVersion ?? null,
    trainedSplits: options.data.splits,
    trainedImages: training.images.length,
    preset: options.preset,
    seed: options.seed,
    step,
    pack: dataset.fingerprint,
  };
}
