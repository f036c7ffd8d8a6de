import { CheckpointError } from '../errors';
import { checkpointPaths } from '../models/model-file';
import { bytes } from './format';

/** A checkpoint of a run: what it holds, or why it cannot be read. */
export interface ListedCheckpoint<State> {
  step: number;
  path: string;
  state: State | null;
  size?: number;
  fault?: string;
}

/** The checkpoints of a run, newest first. A run is worth inspecting most when one is bad: that is told, and no failure. */
export async function listCheckpoints<State extends { file: { size: number } }>(
  folder: string,
  open: (file: string) => Promise<State>,
): Promise<ListedCheckpoint<State>[]> {
  return await Promise.all(
    (await checkpointPaths(folder)).map(async ({ step, path }) => ({
      step,
      path,
      ...(await openOrFault(path, open)),
    })),
  );
}

/** A row each, and what a program is told of them. */
export function checkpointParts(checkpoints: readonly ListedCheckpoint<unknown>[]): {
  rows: string[][];
  fields: Omit<ListedCheckpoint<unknown>, 'state'>[];
} {
  return {
    rows: checkpoints.map(({ step, size, fault }) => [`step ${step}`, fault ?? bytes(size ?? 0)]),
    fields: checkpoints.map(({ state: _, ...listed }) => listed),
  };
}

async function openOrFault<State extends { file: { size: number } }>(
  path: string,
  open: (file: string) => Promise<State>,
): Promise<{ state: State | null; size?: number; fault?: string }> {
  try {
    const state = await open(path);
    return { state, size: state.file.size };
  } catch (error) {
    if (error instanceof CheckpointError) return { state: null, fault: error.message };
    throw error;
  }
}
