import path from 'node:path';
import type { Dataset } from '../data/dataset';
import { FlorigenError, UsageError } from '../errors';
import { type ExportedBundle, exportBundle } from '../models/bundle';
import type { GeneratedImage } from '../models/generated-image';
import { bundleName } from '../models/model-file';
import type { TrainingOptions } from '../models/option-schema';
import { checkedPrompts, checkedSeed } from '../models/prompts';
import type { FlorigenAddon } from '../native/addon';
import { checkpointPath } from './checkpoint';
import { explainedFailure } from './explained-failure';
import type { GanParts } from './gan-setup';
import type {
  EpochResult,
  GanTrainerCreateOptions,
  GanTrainerResumeOptions,
  TrainingProgress,
} from './gan-trainer-types';
import type { GanMeans } from './metrics';
import { beginRun, continueRun, type OpenRun } from './open-run';
import type { RunFolder } from './run-folder';
import type { RunLock } from './run-lock';
import type { RunLogs } from './run-logs';
import { drawGrid, drawSamples, samplePrompts } from './sample-grid';
import { saveState } from './save-state';
import type { Position, Schedule } from './schedule';
import { type Rate, Stopwatch } from './stopwatch';

/**
 * Trains a GAN, one epoch a call, in a run folder of its own. A run that was stopped, killed or finished goes on with
 * `resume`, and ends bit for bit as one that was never interrupted (on the CPU, same machine and threads).
 *
 * One job at a time: `trainEpoch`, `save` and `exportBundle` refuse with `BUSY` while another is at work.
 */
export class GanTrainer {
  readonly #parts: GanParts;
  readonly #folder: RunFolder;
  readonly #lock: RunLock;
  readonly #logs: RunLogs;
  readonly #prompts: string[];
  #step: number;
  /** Step of the newest checkpoint; 0 for none, since there is nothing to save before the first step. */
  #savedStep: number;
  #job: Promise<unknown> | null = null;
  #failure: Error | null = null;
  #disposal: Promise<void> | null = null;
  readonly #ending = new AbortController();

  private constructor(own: OpenRun) {
    this.#parts = own.parts;
    this.#folder = own.folder;
    this.#lock = own.lock;
    this.#logs = own.logs;
    this.#step = own.step;
    this.#savedStep = own.step;
    const { options, dataset } = own.parts;
    this.#prompts = samplePrompts(dataset, options.samplePrompts, options.seed);
  }

  /**
   * Begins a run in a new folder.
   * @throws UsageError for a wrong option or a used folder; DataError; LibraryError; `LOCKED`; `OUT_OF_MEMORY`; `IO`
   */
  static async create(settings: GanTrainerCreateOptions): Promise<GanTrainer>;
  /** @internal */
  static async create(settings: GanTrainerCreateOptions, addon: FlorigenAddon): Promise<GanTrainer>;
  static async create(settings: GanTrainerCreateOptions, addon?: FlorigenAddon): Promise<GanTrainer> {
    return new GanTrainer(await beginRun(settings, addon));
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
    return new GanTrainer(await continueRun(runFolder, settings, addon));
  }

  /** The frozen options of the run, complete. */
  get options(): TrainingOptions {
    return this.#parts.options;
  }
  /** Absolute path of the run folder. */
  get runFolder(): string {
    return this.#folder.path;
  }
  get dataset(): Dataset {
    return this.#parts.dataset;
  }
  /** Lengths of the run and its epochs, learning rates. */
  get schedule(): Schedule {
    return this.#parts.schedule;
  }
  /** Where the run stands. */
  get position(): Position {
    return this.schedule.positionAt(this.#step);
  }
  /** True where every step of the run is done. */
  get done(): boolean {
    return this.#step >= this.schedule.stepCount;
  }
  /** Where the tensors live. */
  get device(): 'cpu' | 'cuda' {
    return this.#parts.engine.device;
  }
  /** What a user should know of the device, or of a resume on another machine; may be empty. */
  get notice(): string {
    return this.#parts.engine.notice;
  }

  /**
   * Runs the rest of the epoch in progress, then logs it, draws the sample grid and saves. An aborted signal ends it
   * after the step in hand and saves; the next call, or `resume` in another process, goes on from there.
   * @throws FlorigenError `NON_FINITE` where a loss or gradient is not finite: the run folder keeps its last
   * checkpoint and this trainer trains no more; `BUSY`; `DISPOSED`; `IO`; UsageError where the run is whole
   */
  async trainEpoch(
    options: { signal?: AbortSignal; onProgress?: (progress: TrainingProgress) => void } = {},
  ): Promise<EpochResult> {
    return await this.#exclusively(async () => {
      if (this.done)
        throw new UsageError(
          `The run in \`${this.runFolder}\` is whole: all ${this.schedule.stepCount} steps are done.`,
          {
            hint: 'To go on, resume it with more `steps` or `epochs`.',
          },
        );
      const signal = options.signal
        ? AbortSignal.any([options.signal, this.#ending.signal])
        : this.#ending.signal;
      const { epoch } = this.position;
      const watch = new Stopwatch(this.schedule, this.position, this.options.batchSize);
      const completed = await this.#orFail(this.#runSteps(signal, watch, options.onProgress));
      const rate = watch.stop(this.#step);
      const means = await this.#parts.gan.means();
      const learningRate = this.schedule.learningRateAt(epoch);
      const samples = completed ? await this.#orFail(this.#log({ epoch, learningRate, means, rate })) : null;
      const checkpoint = this.#step === this.#savedStep ? null : await this.#save();
      const { stepCount } = this.schedule;
      const stand = {
        epoch,
        step: this.#step,
        stepCount,
        completed,
        stopped: signal.aborted,
        done: this.done,
      };
      return { ...stand, means, learningRate, ...rate, checkpoint, samples };
    });
  }

  /** Saves the state as it is; done after every epoch anyway. @returns the checkpoint's path */
  async save(): Promise<string> {
    return await this.#exclusively(async () => await this.#save());
  }

  /**
   * Draws pictures from the weights as they are, prompt after prompt, each with every seed. May be called while an
   * epoch runs; the pictures are then drawn between two steps.
   */
  async sample(
    prompts: string | readonly string[],
    seeds: readonly number[] = [0],
  ): Promise<GeneratedImage[]> {
    this.#refuseDisposed();
    const texts = checkedPrompts(prompts);
    const numbers = seeds.map((seed, i) => checkedSeed(seed, `seeds[${i}]`));
    return await drawSamples(this.#parts.gan, this.#parts.encoder, texts, numbers);
  }

  /** Saves, and writes the bundle that draws; default `bundle.safetensors` in the run folder. */
  async exportBundle(out: string = path.join(this.runFolder, bundleName)): Promise<ExportedBundle> {
    return await this.#exclusively(async () => {
      const unsaved = this.#step === 0 || this.#step !== this.#savedStep;
      const file = unsaved ? await this.#save() : checkpointPath(this.runFolder, this.#step);
      return await exportBundle(file, out);
    });
  }

  /**
   * Ends a running epoch after the step in hand (it is saved), frees the native memory and gives the folder back. May
   * be called again.
   */
  async dispose(): Promise<void> {
    this.#disposal ??= (async () => {
      this.#ending.abort();
      await this.#job?.catch(() => {});
      await this.#parts.gan.dispose();
      await this.#lock.release();
    })();
    await this.#disposal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** Runs steps up to the end of the epoch or the signal. @returns whether the epoch is whole */
  async #runSteps(
    signal: AbortSignal,
    watch: Stopwatch,
    onProgress: ((progress: TrainingProgress) => void) | undefined,
  ): Promise<boolean> {
    const { epoch, stepInEpoch, stepsInEpoch } = this.position;
    const { gan, planner } = this.#parts;
    const plan = planner.plan({
      epoch,
      stepCount: stepsInEpoch,
      learningRate: this.schedule.learningRateAt(epoch),
      modeSeekingWeight: this.schedule.modeSeekingWeightAt(epoch),
    });
    if (stepInEpoch === 0) await gan.clearMeans();
    const next = await gan.run(plan, stepInEpoch, {
      signal,
      onProgress: (native) => onProgress?.(watch.progress(native)),
    });
    this.#step += next - stepInEpoch;
    return next === stepsInEpoch;
  }

  /** Writes what a whole epoch leaves besides its checkpoint. @returns the path of the sample grid, if one was due */
  async #log(of: {
    epoch: number;
    learningRate: number;
    means: GanMeans;
    rate: Rate;
  }): Promise<string | null> {
    const { epoch, learningRate, means } = of;
    const { seconds, imagesPerSecond } = of.rate;
    const { gan, encoder } = this.#parts;
    const step = this.#step;
    const grid = this.schedule.drawsSamples(epoch)
      ? await drawGrid(gan, encoder, this.#prompts, { epoch, step })
      : null;
    const steps = step - (epoch - 1) * this.schedule.stepsPerEpoch;
    const modeSeekingWeight = this.schedule.modeSeekingWeightAt(epoch);
    const time = { at: new Date().toISOString(), seconds, imagesPerSecond };
    await this.#logs.add({ epoch, step, steps, learningRate, modeSeekingWeight, ...means, time }, grid);
    return grid === null ? null : this.#folder.samplePath(epoch);
  }

  /**
   * After an error in the midst of an epoch this state must never be saved: half a step may have been applied, or a
   * log may lack a line. The last checkpoint is where the run goes on.
   */
  async #orFail<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#failure = error as Error;
      throw explainedFailure(error, this.#savedStep);
    }
  }

  async #save(): Promise<string> {
    const file = await saveState(this.#parts, this.#folder, this.#step);
    this.#savedStep = this.#step;
    return file;
  }

  #refuseDisposed(): void {
    if (this.#disposal !== null)
      throw new FlorigenError('DISPOSED', 'This trainer was disposed of: resume its run folder.');
  }

  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseDisposed();
    if (this.#job !== null)
      throw new FlorigenError('BUSY', 'This trainer is at work: wait until it is done.');
    if (this.#failure !== null)
      throw new FlorigenError('NATIVE', `This trainer has failed: ${this.#failure.message}`, {
        hint: `Resume \`${this.runFolder}\` from its last checkpoint.`,
        cause: this.#failure,
      });
    const job = work();
    this.#job = job;
    try {
      return await job;
    } finally {
      this.#job = null;
    }
  }
}
