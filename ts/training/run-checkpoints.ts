import { CheckpointError, hasCode } from '../errors';
import type { SafetensorsTensor } from '../formats/safetensors';
import { checkpointPaths } from '../models/model-file';
import { optionDifferences } from '../models/option-differences';
import type { CheckpointProgress } from './checkpoint';
import type { MachineRecord } from './machine';

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

/** Options that a checkpoint leaves out, for it tells nobody where files lie. */
const leftOut: readonly string[] = ['data.pack', 'data.features', 'textEncoder.file', 'guide.network'];

/** An opened checkpoint of any kind of run. */
export interface SavedState {
  readonly path: string;
  readonly progress: CheckpointProgress;
  readonly machine: MachineRecord;
  /** The options of the run, as they were written. */
  readonly options: unknown;
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** @throws CheckpointError where a bit has changed */
  verify(): Promise<void>;
  read(name: string): Promise<Uint8Array>;
}

/** Opens a checkpoint of one kind of run. */
export type OpenState<State extends SavedState> = (file: string) => Promise<State>;

/**
 * The newest checkpoint of a run folder, verified to the last byte; null where there is none.
 * @throws CheckpointError naming a newest one that is not whole, and the older one that the run could go on from
 */
export async function newestCheckpoint<State extends SavedState>(
  runFolder: string,
  open: OpenState<State>,
): Promise<State | null> {
  const [newest, ...older] = await checkpointPaths(runFolder);
  if (newest === undefined) return null;
  try {
    return await openWhole(newest, open);
  } catch (error) {
    if (!hasCode(error, 'CHECKPOINT')) throw error;
    throw new CheckpointError((error as Error).message, {
      hint: await remedy(newest.path, older, open),
      cause: error,
    });
  }
}

async function openWhole<State extends SavedState>(
  { path, step }: { path: string; step: number },
  open: OpenState<State>,
): Promise<State> {
  const checkpoint = await open(path);
  if (checkpoint.progress.step !== step)
    throw new CheckpointError(
      `\`${path}\` must be of step ${step}, but is of step ${checkpoint.progress.step} instead.`,
    );
  await checkpoint.verify();
  return checkpoint;
}

async function remedy(
  damaged: string,
  older: { path: string; step: number }[],
  open: OpenState<SavedState>,
): Promise<string> {
  for (const file of older) {
    try {
      await openWhole(file, open);
    } catch (error) {
      if (hasCode(error, 'CHECKPOINT')) continue;
      throw error;
    }
    return `Move ${damaged} away to continue from ${file.path}, which is whole; nothing was changed.`;
  }
  return `No older checkpoint of the run is whole; move ${damaged} away to start the run from the beginning.`;
}

/** @throws CheckpointError naming the options in which a checkpoint differs from its run */
export function refuseOtherOptions(
  checkpoint: SavedState,
  options: unknown,
  changeable: readonly string[],
): void {
  const differences = optionDifferences(options, checkpoint.options).filter(
    ({ name }) => !changeable.includes(name) && !leftOut.includes(name),
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
