import path from 'node:path';
import { type ExportedBundle, exportBundle } from '../models/bundle';
import type { GeneratedImage } from '../models/generated-image';
import { bundleName } from '../models/model-file';
import type { TrainingOptions } from '../models/option-schema';
import { checkedPrompts, checkedSeed } from '../models/prompts';
import type { FlorigenAddon } from '../native/addon';
import { withCurrentEncoder } from './fine-tuning';
import { ganRun } from './gan-run';
import type { GanParts } from './gan-setup';
import type { GanTrainerCreateOptions, GanTrainerResumeOptions, TrainingProgress } from './gan-trainer-types';
import type { GanMetric } from './metrics';
import { beginRun, continueRun } from './open-run';
import { drawSamples } from './sample-grid';
import { Trainer } from './trainer';
import type { RunProgress } from './trainer-types';

/**
 * Trains a GAN, one epoch a call, in a run folder of its own. A run that was stopped, killed or finished goes on with
 * `resume`, and ends bit for bit as one that was never interrupted (on the CPU, same machine and threads).
 *
 * One job at a time: `trainEpoch`, `save` and `exportBundle` refuse with `BUSY` while another is at work.
 */
export class GanTrainer extends Trainer<TrainingOptions, GanMetric, GanParts, TrainingProgress> {
  /**
   * Begins a run in a new folder.
   * @throws UsageError for a wrong option or a used folder; DataError; LibraryError; `LOCKED`; `OUT_OF_MEMORY`; `IO`
   */
  static async create(settings: GanTrainerCreateOptions): Promise<GanTrainer>;
  /** @internal */
  static async create(settings: GanTrainerCreateOptions, addon: FlorigenAddon): Promise<GanTrainer>;
  static async create(settings: GanTrainerCreateOptions, addon?: FlorigenAddon): Promise<GanTrainer> {
    return new GanTrainer(await beginRun(ganRun, settings, addon));
  }

  /**
   * Goes on with a run from its newest checkpoint, or from the start where it has none. Logs and grids past the
   * checkpoint are taken back.
   * @throws CheckpointError for a checkpoint that is cut short, altered or of other options, naming it: nothing is
   * then overwritten; UsageError for a change that would make another run; DataError for another pack; `LOCKED`
   */
  static async resume(runFolder: string, settings?: GanTrainerResumeOptions): Promise<GanTrainer>;
  /** @internal */
  static async resume(
    runFolder: string,
    settings: GanTrainerResumeOptions | undefined,
    addon: FlorigenAddon,
  ): Promise<GanTrainer>;
  static async resume(
    runFolder: string,
    settings: GanTrainerResumeOptions = {},
    addon?: FlorigenAddon,
  ): Promise<GanTrainer> {
    return new GanTrainer(await continueRun(ganRun, runFolder, settings, addon));
  }

  /**
   * Draws pictures from the weights as they are, prompt after prompt, each with every seed. May be called while an
   * epoch runs; the pictures are then drawn between two steps.
   */
  async sample(
    prompts: string | readonly string[],
    seeds: readonly number[] = [0],
  ): Promise<GeneratedImage[]> {
    this.refuseDisposed();
    const texts = checkedPrompts(prompts);
    const numbers = seeds.map((seed, i) => checkedSeed(seed, `seeds[${i}]`));
    return await withCurrentEncoder(this.parts, (encoder) =>
      drawSamples(this.parts.native, encoder, texts, numbers),
    );
  }

  /** Saves, and writes the bundle that draws; default `bundle.safetensors` in the run folder. */
  async exportBundle(out: string = path.join(this.runFolder, bundleName)): Promise<ExportedBundle> {
    return await this.exclusively(async () => {
      return await exportBundle(await this.savedCheckpoint(), out);
    });
  }

  /** @internal */
  protected override progressOf({ losses, ...progress }: RunProgress): TrainingProgress {
    const { discriminator, generator } = losses;
    return { ...progress, losses, discriminatorLoss: discriminator!, generatorLoss: generator! };
  }
}
