import { z } from 'zod';
import { CheckpointError } from '../errors';
import {
  readSafetensorsHeader,
  readTensor,
  type SafetensorsFile,
  verifyContent,
} from '../formats/safetensors';
import { refuser } from '../formats/safetensors-header';
import { type TensorSource, writeSafetensors } from '../formats/safetensors-writer';
import { type CheckpointProgress, progressSchema } from './checkpoint';
import { type MachineRecord, machineSchema } from './machine';
import type { SavedState } from './run-checkpoints';

const version = 1;

/** What a checkpoint of a text encoder or a feature network says besides its tensors. */
export interface TrainerState {
  options: unknown;
  /** What the network is and where it comes from, as its own file says it. */
  network: unknown;
  provenance: unknown;
  progress: CheckpointProgress;
  machine: MachineRecord;
}

/** A saved state of the run of a text encoder or a feature network. */
export class TrainerCheckpoint implements SavedState {
  readonly file: SafetensorsFile;
  readonly options: unknown;
  readonly network: unknown;
  readonly provenance: unknown;
  readonly progress: CheckpointProgress;
  readonly machine: MachineRecord;

  private constructor(file: SafetensorsFile, state: TrainerState) {
    this.file = file;
    this.options = state.options;
    this.network = state.network;
    this.provenance = state.provenance;
    this.progress = state.progress;
    this.machine = state.machine;
  }

  /** Opens a checkpoint of `format` and checks its header. @throws CheckpointError for a foreign, short or newer file */
  static async open(path: string, format: string): Promise<TrainerCheckpoint> {
    const options = { error: CheckpointError, kind: `a checkpoint of the format ${format}` };
    const file = await readSafetensorsHeader(path, options);
    const fail = refuser(path, options);
    if (file.metadata.get('format') !== format) fail('its metadata `format` says otherwise');
    if (Number(file.metadata.get('formatVersion')) !== version)
      fail(`this florigen reads version ${version}, and it says ${file.metadata.get('formatVersion')}`);
    const read = <T>(name: string, schema: z.ZodType<T>): T => {
      const parsed = schema.safeParse(parseJson(file.metadata.get(name) ?? ''));
      return parsed.success ? parsed.data : fail(`its metadata \`${name}\` is missing or wrong`);
    };
    const object = z.looseObject({});
    return new TrainerCheckpoint(file, {
      options: read('options', object),
      network: read('network', object),
      provenance: read('provenance', object),
      progress: read('progress', progressSchema),
      machine: read('machine', machineSchema),
    });
  }

  /** Writes a checkpoint durably, one tensor in memory at a time. @throws FlorigenError `IO` */
  static async write(
    path: string,
    format: string,
    state: TrainerState,
    tensors: readonly TensorSource[],
  ): Promise<void> {
    const json = Object.fromEntries(
      Object.entries(state).map(([name, value]) => [name, JSON.stringify(value)]),
    );
    const metadata = { format, formatVersion: String(version), ...json };
    await writeSafetensors(path, { metadata, tensors });
  }

  get path(): string {
    return this.file.path;
  }
  get tensors(): SafetensorsFile['tensors'] {
    return this.file.tensors;
  }

  async verify(): Promise<void> {
    await verifyContent(this.file);
  }

  async read(name: string): Promise<Uint8Array> {
    return await readTensor(this.file, name);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
