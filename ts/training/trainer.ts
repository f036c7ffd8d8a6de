import type { Dataset } from '../data/dataset';
import { FlorigenError, UsageError } from '../errors';
import { checkpointPath } from './checkpoint';
import { explainedFailure } from './explained-failure';
import type { Means } from './metrics';
import type { OpenRun } from './open-run';
import type { RunFolder } from './run-folder';
import type { RunLock } from './run-lock';
import type { RunLogs } from './run-logs';
import type { Position } from './schedule';
import { type Rate, Stopwatch } from './stopwatch';
import type { RunOptions, RunProgress, TrainerEpoch, TrainerParts } from './trainer-types';

/**
 * Trains one epoch a call, in a run folder of its own; what the trainers of all kinds of networks share. A run that was
 * stopped, killed or finished goes on with `resume`, and ends bit for bit as one that was never interrupted (on the
 * CPU, same machine and threads).
 *
 * One job at a time: `trainEpoch`, `save` and exports refuse with `BUSY` while another is at work.
 */
export abstract class Trainer<
  Options extends RunOptions,
  Metric extends string,
  Parts extends TrainerParts<Options, Metric>,
  Progress extends RunProgress = RunProgress,
> {
  /** @internal */
  protected readonly parts: Parts;
  readonly #folder: RunFolder<Options>;
  readonly #lock: RunLock;
  readonly #logs: RunLogs;
  #step: number;
  /** Step of the newest checkpoint; 0 for none, since there is nothing to save before the first step. */
  #savedStep: number;
  #job: Promise<unknown> | null = null;
  #failure: Error | null = null;
  #disposal: Promise<void> | null = null;
  readonly #ending = new AbortController();

  /** @internal */
  protected constructor(own: OpenRun<Options, Parts>) {
    this.parts = own.parts;
    this.#folder = own.folder;
    this.#lock = own.lock;
    this.#logs = own.logs;
    this.#step = own.step;
    this.#savedStep = own.step;
  }

  /** What a user is told of the progress. @internal */
  protected abstract progressOf(progress: RunProgress): Progress;

  /** The frozen options of the run, complete. */
  get options(): Options {
    return this.parts.options;
  }
  /** Absolute path of the run folder. */
  get runFolder(): string {
    return this.#folder.path;
  }
  get dataset(): Dataset {
    return this.parts.dataset;
  }
  /** Lengths of the run and its epochs, learning rates. */
  get schedule(): Parts['schedule'] {
    return this.parts.schedule;
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
    return this.parts.engine.device;
  }
  /** What a user should know of the device, or of a resume on another machine; may be empty. */
  get notice(): string {
    return this.parts.engine.notice;
  }

  /**
   * Runs the rest of the epoch in progress, then logs it, draws the sample grid and saves. An aborted signal ends it
   * after the step in hand and saves; the next call, or `resume` in another process, goes on from there.
   * @throws FlorigenError `NON_FINITE` where a loss or gradient is not finite: the run folder keeps its last
   * checkpoint and this trainer trains no more; `BUSY`; `DISPOSED`; `IO`; UsageError where the run is whole
   */
  async trainEpoch(
    options: { signal?: AbortSignal; onProgress?: (progress: Progress) => void } = {},
  ): Promise<TrainerEpoch<Metric>> {
    return await this.exclusively(async () => {
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
      const watch = new Stopwatch(this.schedule, this.position, this.parts.batchSize);
      const completed = await this.#orFail(this.#runSteps(signal, watch, options.onProgress));
      const rate = watch.stop(this.#step);
      const means = await this.parts.native.means();
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
    return await this.exclusively(async () => await this.#save());
  }

  /** The checkpoint of the step where the run stands, written where it is not there yet. @internal */
  protected async savedCheckpoint(): Promise<string> {
    const unsaved = this.#step === 0 || this.#step !== this.#savedStep;
    return unsaved ? await this.#save() : checkpointPath(this.runFolder, this.#step);
  }

  /**
   * Ends a running epoch after the step in hand (it is saved), frees the native memory and gives the folder back. May
   * be called again.
   */
  async dispose(): Promise<void> {
    this.#disposal ??= (async () => {
      this.#ending.abort();
      await this.#job?.catch(() => {});
      await this.parts.native.dispose();
      await this.parts.release?.();
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
    onProgress: ((progress: Progress) => void) | undefined,
  ): Promise<boolean> {
    const { epoch, stepInEpoch, stepsInEpoch } = this.position;
    const { native } = this.parts;
    const plan = this.parts.plan({ epoch, stepCount: stepsInEpoch });
    if (stepInEpoch === 0) await native.clearMeans();
    const next = await native.run(plan, stepInEpoch, {
      signal,
      onProgress: (state) => onProgress?.(this.progressOf(watch.progress(state))),
    });
    this.#step += next - stepInEpoch;
    return next === stepsInEpoch;
  }

  /** Writes what a whole epoch leaves besides its checkpoint. @returns the path of the sample grid, if one was due */
  async #log(of: {
    epoch: number;
    learningRate: number;
    means: Means<Metric>;
    rate: Rate;
  }): Promise<string | null> {
    const { epoch, learningRate, means } = of;
    const { seconds, imagesPerSecond } = of.rate;
    const step = this.#step;
    const grid = await this.parts.drawGrid({ epoch, step });
    const steps = step - (epoch - 1) * this.schedule.stepsPerEpoch;
    const time = { at: new Date().toISOString(), seconds, imagesPerSecond };
    const line = { epoch, step, steps, learningRate, ...this.parts.lineOf(epoch), ...means, time };
    await this.#logs.add(line, grid);
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
    const file = checkpointPath(this.runFolder, this.#step);
    await this.parts.writeState(file, this.#step, this.options);
    await this.#folder.prune(this.schedule, this.options.keep);
    this.#savedStep = this.#step;
    return file;
  }

  /** @internal */
  protected refuseDisposed(): void {
    if (this.#disposal !== null)
      throw new FlorigenError('DISPOSED', 'This trainer was disposed of: resume its run folder.');
  }

  /** @internal */
  protected async exclusively<T>(work: () => Promise<T>): Promise<T> {
    this.refuseDisposed();
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
