import path from 'node:path';
import { halved } from '../formats/half';
import type { TensorSource } from '../formats/safetensors-writer';
import type { EncoderProvenance } from '../models/encoder-file';
import { type FeatureNetworkDescription, writeFeatureNetworkFile } from '../models/feature-file';
import type { FeatureInput, FeatureOptions } from '../models/feature-options';
import { networkRuns } from '../models/network-runs';
import type { FlorigenAddon } from '../native/addon';
import { type FeatureParts, featureCheckpointFormat, featureRun } from './feature-run';
import { beginRun, continueRun } from './open-run';
import { Trainer } from './trainer';
import { TrainerCheckpoint } from './trainer-checkpoint';
import type { RunProgress, TrainerCreateOptions, TrainerResumeOptions } from './trainer-types';

/** Prefix of the network's tensors in the state of its trainer. */
const weightPrefix = 'features.';

/** What {@link FeatureTrainer.exportNetwork} wrote. */
export interface ExportedFeatureNetwork {
  path: string;
  /** Steps that the weights have seen. */
  step: number;
  bytes: number;
}

/**
 * Trains a feature network as a classifier of the training classes and, of built-in flowers, of their attributes; one
 * epoch a call, in a run folder of its own, as {@link GanTrainer} does for a GAN.
 */
export class FeatureTrainer extends Trainer<FeatureOptions, string, FeatureParts> {
  /** Begins a run in a new folder. @throws UsageError, DataError, LibraryError, `LOCKED`, `IO` */
  static async create(settings: TrainerCreateOptions<FeatureInput>): Promise<FeatureTrainer>;
  /** @internal */
  static async create(
    settings: TrainerCreateOptions<FeatureInput>,
    addon: FlorigenAddon,
  ): Promise<FeatureTrainer>;
  static async create(
    settings: TrainerCreateOptions<FeatureInput>,
    addon?: FlorigenAddon,
  ): Promise<FeatureTrainer> {
    return new FeatureTrainer(await beginRun(featureRun, settings, addon));
  }

  /** Goes on with a run from its newest checkpoint. @throws CheckpointError, UsageError, DataError, `LOCKED` */
  static async resume(
    runFolder: string,
    settings?: TrainerResumeOptions<FeatureInput>,
  ): Promise<FeatureTrainer>;
  /** @internal */
  static async resume(
    runFolder: string,
    settings: TrainerResumeOptions<FeatureInput> | undefined,
    addon: FlorigenAddon,
  ): Promise<FeatureTrainer>;
  static async resume(
    runFolder: string,
    settings: TrainerResumeOptions<FeatureInput> = {},
    addon?: FlorigenAddon,
  ): Promise<FeatureTrainer> {
    return new FeatureTrainer(await continueRun(featureRun, runFolder, settings, addon));
  }

  /**
   * Saves, and writes the network's file; default `features-network.safetensors` in the run folder.
   * @param options `half`: matrices and kernels in half precision, at half the bytes
   */
  async exportNetwork(
    out: string = path.join(this.runFolder, networkRuns.features.fileName),
    { half = false }: { half?: boolean } = {},
  ): Promise<ExportedFeatureNetwork> {
    return await this.exclusively(async () => {
      const state = await TrainerCheckpoint.open(await this.savedCheckpoint(), featureCheckpointFormat);
      const tensors: TensorSource[] = [];
      for (const [name, { dtype, shape }] of state.tensors) {
        if (!name.startsWith(weightPrefix)) continue;
        const whole = { dtype, shape, bytes: await state.read(name) };
        const { bytes, ...kept } = half ? halved(whole) : whole;
        tensors.push({ ...kept, name: name.slice(weightPrefix.length), data: bytes });
      }
      const { size } = await writeFeatureNetworkFile(out, {
        network: state.network as FeatureNetworkDescription,
        provenance: state.provenance as EncoderProvenance,
        tensors,
      });
      return { path: out, step: state.progress.step, bytes: size };
    });
  }

  /** @internal */
  protected override progressOf(progress: RunProgress): RunProgress {
    return progress;
  }
}
