import path from 'node:path';
import type { Dataset } from '../data/dataset';
import type { Engine } from '../models/engine';
import type { OptionsConfig } from '../models/options-config';
import { florigenVersion } from '../models/provenance';
import type { FlorigenAddon } from '../native/addon';
import { changedOptions } from './changed-options';
import { machineNotice, machineOf } from './machine';
import { newestCheckpoint, type OpenState, refuseOtherOptions, type SavedState } from './run-checkpoints';
import { openDataset, refuseOtherData } from './run-data';
import { RunFolder } from './run-folder';
import { RunLock } from './run-lock';
import { type LogFormat, RunLogs } from './run-logs';
import { restoreState } from './trainer-state';
import type {
  RunOptions,
  SetupHooks,
  TrainerCreateOptions,
  TrainerParts,
  TrainerResumeOptions,
} from './trainer-types';

/** One kind of run: what it needs beside the machinery that all runs share. */
export interface RunKind<
  Options extends RunOptions,
  Parts extends TrainerParts<Options, string>,
  State extends SavedState,
> {
  config: OptionsConfig<Options>;
  /** Dotted names of the options that may change when a run goes on. */
  changeable: readonly string[];
  logs: LogFormat;
  openState: OpenState<State>;
  /** Makes everything of a run. @param state the checkpoint that it goes on from; null for none */
  setUp(
    chosen: { options: Options; dataset: Dataset },
    state: State | null,
    hooks: SetupHooks,
    addon?: FlorigenAddon,
  ): Promise<Parts>;
}

/** A run that is ready to train: its folder is locked, its logs end where its state stands. */
export interface OpenRun<Options, Parts> {
  parts: Parts;
  folder: RunFolder<Options>;
  lock: RunLock;
  logs: RunLogs;
  /** Steps that are done. */
  step: number;
}

/** Begins a run in a folder that holds none; see `GanTrainer.create`. */
export async function beginRun<
  Options extends RunOptions,
  Parts extends TrainerParts<Options, string>,
  State extends SavedState,
>(
  kind: RunKind<Options, Parts, State>,
  settings: TrainerCreateOptions<object>,
  addon?: FlorigenAddon,
): Promise<OpenRun<Options, Parts>> {
  const options = kind.config.parse(settings.options);
  const dataset = await openDataset(settings.data, options.data.pack);
  const folder = new RunFolder(settings.runFolder, kind.config);
  await folder.refuseUsed();
  const first = await folder.make();
  try {
    return await holding(await RunLock.acquire(folder.path), async (lock) => {
      await folder.refuseUsed();
      const made = await kind.setUp({ options, dataset }, null, settings, addon);
      return await disposingOnError(made, async () => {
        const parts = { ...made, options: frozenFor(kind, made) };
        const { name } = dataset.metadata;
        await folder.begin(parts.options, {
          format: 'florigen.run',
          formatVersion: 1,
          florigen: florigenVersion(),
          data: { path: path.resolve(dataset.path), name, fingerprint: dataset.fingerprint },
        });
        const logs = await RunLogs.openAt(folder, kind.logs, { step: 0, wholeEpochs: 0 });
        return { parts, folder, lock, logs, step: 0 };
      });
    });
  } catch (error) {
    await folder.takeBack(first);
    throw error;
  }
}

/**
 * Opens a run where its newest checkpoint left it; see `GanTrainer.resume`. Everything that can be refused is refused
 * before anything in the folder changes.
 */
export async function continueRun<
  Options extends RunOptions,
  Parts extends TrainerParts<Options, string>,
  State extends SavedState,
>(
  kind: RunKind<Options, Parts, State>,
  runFolder: string,
  settings: TrainerResumeOptions<object>,
  addon?: FlorigenAddon,
): Promise<OpenRun<Options, Parts>> {
  const folder = new RunFolder(runFolder, kind.config);
  const before = await folder.options();
  const record = await folder.record();
  return await holding(await RunLock.acquire(folder.path), async (lock) => {
    const options = changedOptions(before, settings.options, kind);
    const dataset = await openDataset(settings.data, options.data.pack ?? record.data.path);
    refuseOtherData(dataset, record.data);
    const state = await newestCheckpoint(folder.path, kind.openState);
    if (state !== null) refuseOtherOptions(state, options, kind.changeable);
    const made = await kind.setUp({ options, dataset }, state, settings, addon);
    return await disposingOnError(made, async () => {
      if (state !== null) await restoreState(made.native, state);
      const step = state?.progress.step ?? 0;
      const parts = { ...made, options: frozenFor(kind, made), engine: withNotice(made.engine, state) };
      await folder.makeFolders();
      if (kind.config.diff(before, parts.options).length > 0) await folder.saveOptions(parts.options);
      const at = { step, wholeEpochs: made.schedule.epochsAfter(step) };
      const logs = await RunLogs.openAt(folder, kind.logs, at);
      return { parts, folder, lock, logs, step };
    });
  });
}

/** Options as they are frozen: with the device that was taken and where the pack lies. */
function frozenFor<Options extends RunOptions>(
  { config }: { config: OptionsConfig<Options> },
  { options, dataset, engine }: TrainerParts<Options, string>,
): Options {
  const data = { ...options.data, pack: path.resolve(dataset.path) };
  return config.parse({ ...options, device: engine.device, data });
}

function withNotice(engine: Engine, state: SavedState | null): Engine {
  if (state === null) return engine;
  const notices = [engine.notice, machineNotice(state.machine, machineOf(engine))];
  return { ...engine, notice: notices.filter((notice) => notice !== '').join(' ') };
}

async function holding<T>(lock: RunLock, work: (lock: RunLock) => Promise<T>): Promise<T> {
  try {
    return await work(lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function disposingOnError<T>(
  made: { native: { dispose(): Promise<void> }; release?(): Promise<void> },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await made.native.dispose();
    await made.release?.();
    throw error;
  }
}
