import { encoderPrefix } from '../models/model-file';
import { networkOf } from '../models/network-options';
import type { TrainingOptions } from '../models/option-schema';
import { encoderRecord } from '../models/text-encoder';
import { Checkpoint, checkpointPath } from './checkpoint';
import type { GanParts } from './gan-setup';
import { stateTensors } from './gan-state';
import { machineOf } from './machine';
import { provenanceOf } from './native-options';
import type { RunFolder } from './run-folder';

/** A file that users share tells nobody where their data lie. */
function withoutPath(options: TrainingOptions): TrainingOptions {
  const { pack: _, ...data } = options.data;
  return { ...options, data };
}

/** Writes the checkpoint of a step durably, then removes those that need not be kept. @returns its path */
export async function saveState(parts: GanParts, folder: RunFolder, step: number): Promise<string> {
  const { options, encoder, engine, gan, schedule } = parts;
  const { epoch, stepInEpoch } = schedule.positionAt(step);
  const file = checkpointPath(folder.path, step);
  const content = {
    network: networkOf(options, encoder.sizes.sentence),
    textEncoder: encoderRecord(encoder),
    options: withoutPath(options),
    provenance: provenanceOf(
      { ...parts, libtorch: engine.runtime.libtorchVersion },
      { step, epoch: schedule.epochsAfter(step) },
    ),
    progress: { step, epoch, stepInEpoch },
    machine: machineOf(engine),
  };
  const ofEncoder = encoder.tensors?.() ?? [];
  await Checkpoint.write(file, content, [
    ...stateTensors(gan),
    ...ofEncoder.map((tensor) => ({ ...tensor, name: encoderPrefix + tensor.name })),
  ]);
  await folder.prune(schedule, options.keep);
  return file;
}
