import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { CheckpointError, UsageError } from '../errors';
import { sweepTemporaries, syncFolder, writeFileAtomic } from '../formats/atomic-file';
import { ioError, systemCode } from '../formats/io-error';
import { checkpointFolder, checkpointPaths, optionsName } from '../models/model-file';
import type { OptionsConfig } from '../models/options-config';
import type { RunSchedule } from './schedule';

const recordSchema = z.looseObject({
  format: z.literal('florigen.run'),
  formatVersion: z.literal(1),
  florigen: z.string(),
  data: z.looseObject({ path: z.string(), name: z.string(), fingerprint: z.string() }),
});

/** What `run.json` says: which data the run belongs to. */
export type RunRecord = z.infer<typeof recordSchema>;

/** Where everything of a run lies. */
export class RunPaths {
  readonly path: string;

  constructor(folder: string) {
    this.path = path.resolve(folder);
  }

  get optionsPath(): string {
    return path.join(this.path, optionsName);
  }
  get recordPath(): string {
    return path.join(this.path, 'run.json');
  }
  get metricsPath(): string {
    return path.join(this.path, 'metrics.jsonl');
  }
  get eventsPath(): string {
    return path.join(this.path, 'events.out.tfevents.florigen');
  }
  get lossSvgPath(): string {
    return path.join(this.path, 'loss.svg');
  }
  get lossPngPath(): string {
    return path.join(this.path, 'loss.png');
  }
  get checkpoints(): string {
    return path.join(this.path, checkpointFolder);
  }
  get samples(): string {
    return path.join(this.path, 'samples');
  }
  samplePath(epoch: number): string {
    return path.join(this.samples, `epoch-${String(epoch).padStart(4, '0')}.png`);
  }
}

/** The folder of a run whose options are `Options`. */
export class RunFolder<Options> extends RunPaths {
  readonly #config: OptionsConfig<Options>;

  constructor(folder: string, config: OptionsConfig<Options>) {
    super(folder);
    this.#config = config;
  }

  /** Makes the folder itself. @returns the first folder that was not there before. @throws FlorigenError `IO` */
  async make(): Promise<string | undefined> {
    try {
      return await fs.promises.mkdir(this.path, { recursive: true });
    } catch (error) {
      throw ioError(this.path, 'could not be made', error);
    }
  }

  /** Takes back folders that `make` made, from the innermost to `first`, as long as nothing lies in them. */
  async takeBack(first: string | undefined): Promise<void> {
    if (first === undefined) return;
    for (let folder = this.path; ; folder = path.dirname(folder)) {
      try {
        await fs.promises.rmdir(folder);
      } catch {
        return; // it holds something, or will not go: why the run was refused matters more
      }
      if (folder === first) return;
    }
  }

  /** @throws UsageError where the folder holds a run or a part of one: nothing is ever overwritten */
  async refuseUsed(): Promise<void> {
    const used = [this.optionsPath, this.metricsPath].find((file) => fs.existsSync(file));
    const [newest] = await checkpointPaths(this.path);
    if (used === undefined && newest === undefined) return;
    throw new UsageError(`\`${this.path}\` must be a new folder, but holds a run already.`, {
      hint: 'Continue that run with `--resume`, or choose another folder.',
    });
  }

  /** Writes what the run is; `options.json` comes last and makes the folder a run. */
  async begin(options: Options, record: RunRecord): Promise<void> {
    await this.makeFolders();
    await writeFileAtomic(this.recordPath, `${JSON.stringify(record, null, 2)}\n`);
    await this.saveOptions(options);
    await syncFolder(path.dirname(this.path));
  }

  async saveOptions(options: Options): Promise<void> {
    await this.#config.save(this.optionsPath, options);
  }

  /** Makes the folders within and clears away what killed processes left. */
  async makeFolders(): Promise<void> {
    for (const folder of [this.checkpoints, this.samples]) {
      try {
        await fs.promises.mkdir(folder, { recursive: true });
      } catch (error) {
        throw ioError(folder, 'could not be made', error);
      }
      await sweepTemporaries(folder);
    }
    await sweepTemporaries(this.path);
  }

  /** The frozen options. @throws CheckpointError where the folder is no run */
  async options(): Promise<Options> {
    if (!fs.existsSync(this.optionsPath))
      throw new CheckpointError(`\`${this.path}\` must be a run folder, but has no options.json.`, {
        hint: 'Give the folder that `florigen train` or `florigen demo` wrote.',
      });
    try {
      return await this.#config.load(this.optionsPath);
    } catch (error) {
      throw new CheckpointError(`\`${this.optionsPath}\` must be the options of a run, but is not.`, {
        hint: (error as Error).message,
        cause: error,
      });
    }
  }

  /** @throws CheckpointError where it is missing or wrong */
  async record(): Promise<RunRecord> {
    try {
      const text = await fs.promises.readFile(this.recordPath, 'utf8');
      return recordSchema.parse(JSON.parse(text));
    } catch (error) {
      if (systemCode(error) !== undefined && systemCode(error) !== 'ENOENT')
        throw ioError(this.recordPath, 'could not be read', error);
      throw new CheckpointError(
        `\`${this.recordPath}\` must say which data the run belongs to, but does not.`,
        {
          cause: error,
        },
      );
    }
  }

  /**
   * Removes checkpoints that need not be kept: all but the newest, the `keep` newest of whole epochs, and those that
   * stay for good. One of an epoch in progress so leaves no trace in a run that went on.
   */
  async prune(schedule: RunSchedule, keep: number): Promise<void> {
    const [newest, ...others] = await checkpointPaths(this.path);
    let left = keep - (newest !== undefined && schedule.isEpochEnd(newest.step) ? 1 : 0);
    for (const { step, path: file } of others) {
      if (schedule.isEpochEnd(step) && left-- > 0) continue;
      if (schedule.isMilestone(step)) continue;
      await fs.promises.rm(file, { force: true });
    }
  }
}
