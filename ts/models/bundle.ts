import { CheckpointError } from '../errors';
import { readTensor } from '../formats/safetensors';
import { type TensorSource, writeSafetensors } from '../formats/safetensors-writer';
import {
  encoderPrefix,
  generatorPrefix,
  modelMetadata,
  openModelFile,
  resolveModelPath,
  verifyModelFile,
} from './model-file';

/** What {@link exportBundle} wrote. */
export interface ExportedBundle {
  path: string;
  /** The checkpoint that the weights come from. */
  source: string;
  /** Steps that the weights have seen. */
  step: number;
  bytes: number;
}

/**
 * Writes a bundle: the generator that draws, its text encoder, the options and the provenance, in one safetensors
 * file that `Generator.load` needs and a user shares.
 * @param runOrCheckpoint a run folder (its newest checkpoint is taken), a checkpoint, or a bundle
 * @throws CheckpointError for a foreign, short or altered file; `IO`
 */
export async function exportBundle(runOrCheckpoint: string, out: string): Promise<ExportedBundle> {
  const model = await openModelFile(await resolveModelPath(runOrCheckpoint));
  await verifyModelFile(model);
  const prefix = generatorPrefix(model);
  const tensors: TensorSource[] = [];
  for (const [name, { dtype, shape }] of model.file.tensors) {
    const data = () => readTensor(model.file, name);
    if (name.startsWith(prefix))
      tensors.push({ name: `generator.${name.slice(prefix.length)}`, dtype, shape, data });
    else if (name.startsWith(encoderPrefix)) tensors.push({ name, dtype, shape, data });
  }
  if (tensors.length === 0) throw new CheckpointError(`\`${model.file.path}\` holds no generator.`);
  const { size } = await writeSafetensors(out, { metadata: modelMetadata('bundle', model), tensors });
  return { path: out, source: model.file.path, step: model.provenance.step, bytes: size };
}
