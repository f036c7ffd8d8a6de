import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { CheckpointError } from '../errors';
import { readTensor } from '../formats/safetensors';
import { refuser } from '../formats/safetensors-header';
import { type TensorSource, writeSafetensors } from '../formats/safetensors-writer';
import {
  checkpointFolder,
  checkpointPaths,
  type ModelFile,
  modelMetadata,
  openModelFile,
  verifyModelFile,
} from '../models/model-file';
import { type MachineRecord, machineSchema } from './machine';

/** Where a run stood, as a file says it. */
export const progressSchema = z.looseObject({
  step: z.int().nonnegative(),
  epoch: z.int().positive(),
  stepInEpoch: z.int().nonnegative(),
});

/** Where the run stood when a checkpoint was written. */
export interface CheckpointProgress {
  /** Steps since the start of the run. */
  step: number;
  /** The epoch in progress, from 1. */
  epoch: number;
  /** Steps of that epoch that were done. */
  stepInEpoch: number;
}

/** What {@link Checkpoint.inspect} tells. */
export interface CheckpointSummary {
  path: string;
  bytes: number;
  tensorCount: number;
  progress: CheckpointProgress;
  options: ModelFile['options'];
  provenance: ModelFile['provenance'];
}

/** What a checkpoint says besides its tensors. */
export type CheckpointContent = Omit<ModelFile, 'kind' | 'file'> & {
  progress: CheckpointProgress;
  machine: MachineRecord;
};

/** A saved state of a run: every tensor of both networks, optimizers, the average, the position and partial sums. */
export class Checkpoint {
  readonly path: string;
  readonly progress: CheckpointProgress;
  /** What the run was computed on until then. */
  readonly machine: MachineRecord;
  readonly model: ModelFile;

  private constructor(model: ModelFile, parts: { progress: CheckpointProgress; machine: MachineRecord }) {
    this.path = model.file.path;
    this.model = model;
    this.progress = parts.progress;
    this.machine = parts.machine;
  }

  /** The options of the run, as they were written. */
  get options(): ModelFile['options'] {
    return this.model.options;
  }
  get tensors(): ModelFile['file']['tensors'] {
    return this.model.file.tensors;
  }

  /** Opens a checkpoint and checks its header. @throws CheckpointError for a foreign, short or newer file */
  static async open(file: string): Promise<Checkpoint> {
    const model = await openModelFile(file);
    const fail = refuser(file, { error: CheckpointError, kind: 'a florigen checkpoint' });
    if (model.kind !== 'checkpoint') return fail('it is a bundle');
    const read = <T>(name: string, schema: z.ZodType<T>): T => {
      const parsed = schema.safeParse(parseJson(model.file.metadata.get(name) ?? ''));
      return parsed.success ? parsed.data : fail(`its metadata \`${name}\` is missing or wrong`);
    };
    const progress = read('progress', progressSchema);
    return new Checkpoint(model, { progress, machine: read('machine', machineSchema) });
  }

  /** The checkpoints of a run folder, newest first. */
  static async list(runFolder: string): Promise<{ path: string; step: number; bytes: number }[]> {
    const files = await checkpointPaths(runFolder);
    return await Promise.all(
      files.map(async (file) => ({ ...file, bytes: (await fs.promises.stat(file.path)).size })),
    );
  }

  /** Opens and verifies a checkpoint, and says what it is. @throws CheckpointError where it is not whole */
  static async inspect(file: string): Promise<CheckpointSummary> {
    const checkpoint = await Checkpoint.open(file);
    await checkpoint.verify();
    const { options, provenance, file: opened } = checkpoint.model;
    const { path: at, progress } = checkpoint;
    return { path: at, bytes: opened.size, tensorCount: opened.tensors.size, progress, options, provenance };
  }

  /** Writes a checkpoint durably, one tensor in memory at a time. @throws FlorigenError `IO` */
  static async write(
    file: string,
    content: CheckpointContent,
    tensors: readonly TensorSource[],
  ): Promise<{ path: string; bytes: number }> {
    const metadata = {
      ...modelMetadata('checkpoint', content),
      progress: JSON.stringify(content.progress),
      machine: JSON.stringify(content.machine),
    };
    const { size } = await writeSafetensors(file, { metadata, tensors });
    return { path: file, bytes: size };
  }

  /** Compares the data with the hash in the header. @throws CheckpointError where a bit has changed */
  async verify(): Promise<void> {
    await verifyModelFile(this.model);
  }

  /** Bytes of a state tensor. @throws CheckpointError where there is no such tensor */
  async read(name: string): Promise<Uint8Array> {
    return await readTensor(this.model.file, name);
  }
}

/** The file of a step's checkpoint. */
export function checkpointPath(runFolder: string, step: number): string {
  return path.join(runFolder, checkpointFolder, `step-${String(step).padStart(8, '0')}.safetensors`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
