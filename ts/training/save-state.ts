import { encoderPrefix } from '../models/model-file';
import { networkOf } from '../models/network-options';
import type { TrainingOptions } from '../models/option-schema';
import { encoderRecord } from '../models/text-encoder';
import { Checkpoint } from './checkpoint';
import type { GanCore } from './gan-setup';
import { machineOf } from './machine';
import { provenanceOf } from './native-options';
import { stateTensors } from './trainer-state';

/** A file that users share tells nobody where data and encoder lie. */
function withoutPath(options: TrainingOptions): TrainingOptions {
  const { pack: _, ...data } = options.data;
  const { file: __, ...textEncoder } = options.textEncoder;
  return { ...options, data, textEncoder };
}

/** Writes the checkpoint of a step durably. */
export async function saveState(parts: GanCore, file: string, step: number): Promise<void> {
  const { options, encoder, engine, native, schedule } = parts;
  const { epoch, stepInEpoch } = schedule.positionAt(step);
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
    ...stateTensors(native),
    ...ofEncoder.map((tensor) => ({ ...tensor, name: encoderPrefix + tensor.name })),
  ]);
}
