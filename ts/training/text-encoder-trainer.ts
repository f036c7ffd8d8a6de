import path from 'node:path';
import { halved, widened } from '../formats/half';
import { type EncoderProvenance, trainedFingerprint, writeEncoderFile } from '../models/encoder-file';
import type { EncoderInput, EncoderOptions } from '../models/encoder-options';
import { networkRuns } from '../models/network-runs';
import { measuredByRanking } from '../models/ranking-metric';
import { weightsIn } from '../models/read-weights';
import { standardized } from '../models/standardize';
import type { TextArchitectureId } from '../models/text-architectures';
import { type TrainedNetwork, trainedWeights } from '../models/trained-network';
import type { FlorigenAddon } from '../native/addon';
import { encoderRun } from './encoder-run';
import {
  type EncoderMetric,
  type EncoderParts,
  encoderCheckpointFormat,
  sameFeatures,
  trainedImages,
} from './encoder-setup';
import { beginRun, continueRun } from './open-run';
import { Trainer } from './trainer';
import { TrainerCheckpoint } from './trainer-checkpoint';
import type { RunProgress, TrainerCreateOptions, TrainerResumeOptions } from './trainer-types';

/** Prefix of the network's tensors in the state of its trainer. */
const weightPrefix = 'encoder.';

/** What {@link TextEncoderTrainer.exportEncoder} wrote. */
export interface ExportedEncoder {
  path: string;
  id: string;
  fingerprint: string;
  /** Steps that the weights have seen. */
  step: number;
  bytes: number;
}

/**
 * Trains a text encoder by structured joint embedding (Reed et al. 2016, arXiv 1605.05395), one epoch a call, in a run
 * folder of its own; as {@link GanTrainer} does for a GAN, resumable bit for bit.
 */
export class TextEncoderTrainer extends Trainer<EncoderOptions, EncoderMetric, EncoderParts> {
  /** Begins a run in a new folder. @throws UsageError, DataError, LibraryError, `LOCKED`, `IO` */
  static async create(settings: TrainerCreateOptions<EncoderInput>): Promise<TextEncoderTrainer>;
  /** @internal */
  static async create(
    settings: TrainerCreateOptions<EncoderInput>,
    addon: FlorigenAddon,
  ): Promise<TextEncoderTrainer>;
  static async create(
    settings: TrainerCreateOptions<EncoderInput>,
    addon?: FlorigenAddon,
  ): Promise<TextEncoderTrainer> {
    return new TextEncoderTrainer(await beginRun(encoderRun, settings, addon));
  }

  /** Goes on with a run from its newest checkpoint. @throws CheckpointError, UsageError, DataError, `LOCKED` */
  static async resume(
    runFolder: string,
    settings?: TrainerResumeOptions<EncoderInput>,
  ): Promise<TextEncoderTrainer>;
  /** @internal */
  static async resume(
    runFolder: string,
    settings: TrainerResumeOptions<EncoderInput> | undefined,
    addon: FlorigenAddon,
  ): Promise<TextEncoderTrainer>;
  static async resume(
    runFolder: string,
    settings: TrainerResumeOptions<EncoderInput> = {},
    addon?: FlorigenAddon,
  ): Promise<TextEncoderTrainer> {
    return new TextEncoderTrainer(await continueRun(encoderRun, runFolder, settings, addon));
  }

  /**
   * Saves, and writes the encoder's file; default `encoder.safetensors` in the run folder.
   * @param options `half`: matrices and kernels in half precision, at half the bytes
   */
  async exportEncoder(
    out: string = path.join(this.runFolder, networkRuns.encoder.fileName),
    { half = false }: { half?: boolean } = {},
  ): Promise<ExportedEncoder> {
    return await this.exclusively(async () => {
      const state = await TrainerCheckpoint.open(await this.savedCheckpoint(), encoderCheckpointFormat);
      const { id, options } = state.network as { id: TextArchitectureId; options: Record<string, unknown> };
      const provenance = state.provenance as EncoderProvenance;
      const network = { id, options, weights: weightsIn(state.file, weightPrefix) };
      const weights = await trainedWeights(await this.finished(network));
      const tensors = half ? weights.map(halved) : weights;
      const read = tensors.map(({ bytes, dtype, ...rest }) => ({
        ...rest,
        bytes: widened({ bytes, dtype }),
      }));
      const fingerprint = trainedFingerprint(id, options, read);
      const { size } = await writeEncoderFile(out, {
        textEncoder: { id, fingerprint, options },
        provenance,
        tensors: tensors.map(({ bytes, ...tensor }) => ({ ...tensor, data: bytes })),
      });
      return { path: out, id, fingerprint, step: state.progress.step, bytes: size };
    });
  }

  /** The network as those who use it want it; training goes on with the other. */
  private async finished(network: TrainedNetwork): Promise<TrainedNetwork> {
    const { options, dataset } = this;
    const { addon } = this.parts.engine;
    const { features } = this.parts;
    const measured =
      options.rankingMetric && features !== null
        ? await measuredByRanking(
            network,
            { features: await sameFeatures(features, dataset), images: trainedImages(options, dataset) },
            addon,
          )
        : network;
    return options.standardize ? await standardized(measured, dataset, addon) : measured;
  }

  /** @internal */
  protected override progressOf(progress: RunProgress): RunProgress {
    return progress;
  }
}
