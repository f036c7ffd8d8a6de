import { encoderPrefix } from '../models/model-file';
import { networkOf } from '../models/network-options';
import type { TrainingOptions } from '../models/option-schema';
import { encoderRecord, type TextEncoder } from '../models/text-encoder';
import { Checkpoint } from './checkpoint';
import { withCurrentEncoder } from './fine-tuning';
import type { GanCore } from './gan-setup';
import { machineOf } from './machine';
import { provenanceOf } from './native-options';
import { stateTensors } from './trainer-state';

/** A file that users share tells nobody where data, encoder and guide lie. */
function withoutPath(options: TrainingOptions): TrainingOptions {
  const { pack: _, ...data } = options.data;
  const { file: __, ...textEncoder } = options.textEncoder;
  const { network: ___, ...guide } = options.guide;
  return { ...options, data, textEncoder, guide };
}

/** Writes the checkpoint of a step durably. */
export async function saveState(parts: GanCore, file: string, step: number): Promise<void> {
  const write = (encoder: TextEncoder) => writeState({ ...parts, encoder }, file, step);
  await withCurrentEncoder(parts, write, encoderProvenanceOf(parts, step));
}

/** What the encoder has seen: where it learns, also what the GAN trains on. */
function encoderProvenanceOf(
  { options, encoder, dataset, planner }: GanCore,
  step: number,
): TextEncoder['provenance'] {
  if (options.fineTune === undefined) return encoder.provenance;
  const fineTuned = {
    step,
    trainedClasses: [...planner.classIds],
    catalogueVersion: dataset.metadata.generator?.catalogueVersion ?? null,
    pack: dataset.fingerprint,
  };
  return { ...encoder.provenance, fineTuned };
}

async function writeState(parts: GanCore, file: string, step: number): Promise<void> {
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
  // The weights of an encoder that learns are part of the trainer's state.
  const ofEncoder = options.fineTune === undefined ? (encoder.tensors?.() ?? []) : [];
  await Checkpoint.write(file, content, [
    ...stateTensors(native),
    ...ofEncoder.map((tensor) => ({ ...tensor, name: encoderPrefix + tensor.name })),
  ]);
}
