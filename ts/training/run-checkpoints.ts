import { CheckpointError, hasCode } from '../errors';
import { checkpointPaths } from '../models/model-file';
import { optionDifferences } from '../models/option-differences';
import type { TrainingOptions } from '../models/option-schema';
import { Checkpoint } from './checkpoint';

/** Options that may change when a run goes on: its length, what is kept and drawn, and the machine. */
export const changeableOptions: readonly string[] = [
  'epochs',
  'steps',
  'saveEvery',
  'keep',
  'sampleEvery',
  'samplePrompts',
  'threads',
  'device',
  'data.pack',
];

/**
 * The newest checkpoint of a run folder, verified to the last byte; null where there is none.
 * @throws CheckpointError naming a newest one that is not whole, and the older one that the run could go on from
 */
export async function newestCheckpoint(runFolder: string): Promise<Checkpoint | null> {
  const [newest, ...older] = await checkpointPaths(runFolder);
  if (newest === undefined) return null;
  try {
    return await openWhole(newest);
  } catch (error) {
    if (!hasCode(error, 'CHECKPOINT')) throw error;
    throw new CheckpointError((error as Error).message, {
      hint: await remedy(newest.path, older),
      cause: error,
    });
  }
}

async function openWhole({ path, step }: { path: string; step: number }): Promise<Checkpoint> {
  const checkpoint = await Checkpoint.open(path);
  if (checkpoint.progress.step !== step)
    throw new CheckpointError(
      `\`${path}\` must be of step ${step}, but is of step ${checkpoint.progress.step} instead.`,
    );
  await checkpoint.verify();
  return checkpoint;
}

async function remedy(damaged: string, older: { path: string; step: number }[]): Promise<string> {
  for (const file of older) {
    try {
      await openWhole(file);
    } catch (error) {
      if (hasCode(error, 'CHECKPOINT')) continue;
      throw error;
    }
    return `Move ${damaged} away to continue from ${file.path}, which is whole; nothing was changed.`;
  }
  return `No older checkpoint of the run is whole; move ${damaged} away to start the run from the beginning.`;
}

/** @throws CheckpointError naming the options in which a checkpoint differs from its run */
export function refuseOtherOptions(checkpoint: Checkpoint, options: TrainingOptions): void {
  const differences = optionDifferences(options, checkpoint.model.options).filter(
    ({ name }) => !changeableOptions.includes(name),
  );
  if (differences.length === 0) return;
  const list = differences
    .map(
      ({ name, before, after }) =>
        `\`${name}\` is ${JSON.stringify(after)} there and ${JSON.stringify(before)} here`,
    )
    .join(', ');
  throw new CheckpointError(`\`${checkpoint.path}\` belongs to other options than its run: ${list}.`, {
    hint: 'Put the checkpoint back into its own run folder, or restore options.json; nothing was changed.',
  });
}
