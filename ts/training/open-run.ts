import path from 'node:path';
import { TrainingConfig } from '../models/config';
import type { Engine } from '../models/engine';
import { encoderWeights } from '../models/model-file';
import type { TrainingOptions } from '../models/option-schema';
import { florigenVersion } from '../models/provenance';
import type { TextEncoder } from '../models/text-encoder';
import { createTextEncoder, restoreTextEncoder } from '../models/text-encoders';
import type { FlorigenAddon } from '../native/addon';
import { changedOptions } from './changed-options';
import type { Checkpoint } from './checkpoint';
import { type GanParts, openDataset, refuseOtherData, setUpGan } from './gan-setup';
import { restoreState } from './gan-state';
import type { GanTrainerCreateOptions, GanTrainerResumeOptions } from './gan-trainer-types';
import { machineNotice, machineOf } from './machine';
import { newestCheckpoint, refuseOtherOptions } from './run-checkpoints';
import { RunFolder } from './run-folder';
import { RunLock } from './run-lock';
import { RunLogs } from './run-logs';

/** A run that is ready to train: its folder is locked, its logs end where its state stands. */
export interface OpenRun {
  parts: GanParts;
  folder: RunFolder;
  lock: RunLock;
  logs: RunLogs;
  /** Steps that are done. */
  step: number;
}

/** Begins a run in a folder that holds none; see `GanTrainer.create`. */
export async function beginRun(settings: GanTrainerCreateOptions, addon?: FlorigenAddon): Promise<OpenRun> {
  const asked = TrainingConfig.parse(settings.options);
  const dataset = await openDataset(settings.data, asked.data.pack);
  const folder = new RunFolder(settings.runFolder);
  await folder.refuseUsed();
  await folder.make();
  return await holding(await RunLock.acquire(folder.path), async (lock) => {
    await folder.refuseUsed();
    const encoder = await createTextEncoder(asked.textEncoder.id, asked.textEncoder.options);
    const chosen = { options: asked, dataset, encoder };
    return await disposingOnError(await setUpGan(chosen, settings, addon), async (made) => {
      const parts = { ...made, options: frozenFor(made) };
      const { name } = dataset.metadata;
      await folder.begin(parts.options, {
        format: 'florigen.run',
        formatVersion: 1,
        florigen: florigenVersion(),
        data: { path: path.resolve(dataset.path), name, fingerprint: dataset.fingerprint },
      });
      const logs = await RunLogs.openAt(folder, { step: 0, wholeEpochs: 0 });
      return { parts, folder, lock, logs, step: 0 };
    });
  });
}

/**
 * Opens a run where its newest checkpoint left it; see `GanTrainer.resume`. Everything that can be refused is refused
 * before anything in the folder changes.
 */
export async function continueRun(
  runFolder: string,
  settings: GanTrainerResumeOptions,
  addon?: FlorigenAddon,
): Promise<OpenRun> {
  const folder = new RunFolder(runFolder);
  const before = await folder.options();
  const record = await folder.record();
  return await holding(await RunLock.acquire(folder.path), async (lock) => {
    const asked = changedOptions(before, settings.options);
    const dataset = await openDataset(settings.data, asked.data.pack ?? record.data.path);
    refuseOtherData(dataset, record.data);
    const checkpoint = await newestCheckpoint(folder.path);
    if (checkpoint !== null) refuseOtherOptions(checkpoint, asked);
    const chosen = { options: asked, dataset, encoder: await encoderOf(asked, checkpoint) };
    return await disposingOnError(await setUpGan(chosen, settings, addon), async (made) => {
      if (checkpoint !== null) await restoreState(made.gan, checkpoint);
      const step = checkpoint?.progress.step ?? 0;
      const parts = { ...made, options: frozenFor(made), engine: withNotice(made.engine, checkpoint) };
      await folder.makeFolders();
      if (TrainingConfig.diff(before, parts.options).length > 0)
        await TrainingConfig.save(folder.optionsPath, parts.options);
      const logs = await RunLogs.openAt(folder, { step, wholeEpochs: made.schedule.epochsAfter(step) });
      return { parts, folder, lock, logs, step };
    });
  });
}

/** The encoder that the run's embeddings were made with: a checkpoint carries it, weights and all. */
async function encoderOf(options: TrainingOptions, checkpoint: Checkpoint | null): Promise<TextEncoder> {
  if (checkpoint === null)
    return await createTextEncoder(options.textEncoder.id, options.textEncoder.options);
  const { model, path: file } = checkpoint;
  return await restoreTextEncoder(model.textEncoder, file, encoderWeights(model));
}

/** Options as they are frozen: with the device that was taken and where the pack lies. */
function frozenFor({ options, dataset, engine }: GanParts): TrainingOptions {
  const data = { ...options.data, pack: path.resolve(dataset.path) };
  return TrainingConfig.parse({ ...options, device: engine.device, data });
}

function withNotice(engine: Engine, checkpoint: Checkpoint | null): Engine {
  if (checkpoint === null) return engine;
  const notices = [engine.notice, machineNotice(checkpoint.machine, machineOf(engine))];
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

async function disposingOnError<T>(made: GanParts, work: (made: GanParts) => Promise<T>): Promise<T> {
  try {
    return await work(made);
  } catch (error) {
    await made.gan.dispose();
    throw error;
  }
}
