import { CheckpointError } from '../errors';
import { halved, widened } from '../formats/half';
import { readTensor } from '../formats/safetensors';
import { type TensorSource, writeSafetensors } from '../formats/safetensors-writer';
import { trainedFingerprint } from './encoder-file';
import {
  encoderPrefix,
  generatorPrefix,
  type ModelFile,
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
 * @param options `half`: matrices and kernels in half precision, at half the bytes
 * @throws CheckpointError for a foreign, short or altered file; `IO`
 */
export async function exportBundle(
  runOrCheckpoint: string,
  out: string,
  { half = false }: { half?: boolean } = {},
): Promise<ExportedBundle> {
  const model = await openModelFile(await resolveModelPath(runOrCheckpoint));
  await verifyModelFile(model);
  const tensors = await drawingTensors(model, half);
  if (tensors.length === 0) throw new CheckpointError(`\`${model.file.path}\` holds no generator.`);
  const textEncoder = { ...model.textEncoder, fingerprint: fingerprintOf(model, tensors) };
  const metadata = modelMetadata('bundle', { ...model, textEncoder });
  const { size } = await writeSafetensors(out, {
    metadata,
    tensors: tensors.map(({ bytes, ...tensor }): TensorSource => ({ ...tensor, data: bytes })),
  });
  return { path: out, source: model.file.path, step: model.provenance.step, bytes: size };
}

type BundleTensor = Omit<TensorSource, 'data'> & { bytes: Uint8Array };

/** The tensors of the generator that draws and of its text encoder, under a bundle's names. */
async function drawingTensors(model: ModelFile, half: boolean): Promise<BundleTensor[]> {
  const prefix = generatorPrefix(model);
  const tensors: BundleTensor[] = [];
  for (const [name, { dtype, shape }] of model.file.tensors) {
    const isDrawing = name.startsWith(prefix);
    if (!isDrawing && !name.startsWith(encoderPrefix)) continue;
    const bytes = await readTensor(model.file, name);
    const own = isDrawing ? `generator.${name.slice(prefix.length)}` : name;
    const tensor = { name: own, dtype, shape, bytes };
    tensors.push(half ? halved(tensor) : tensor);
  }
  return tensors;
}

/** That of the encoder as the bundle's readers will see it: rounding its weights makes it another encoder. */
function fingerprintOf({ textEncoder }: ModelFile, tensors: readonly BundleTensor[]): string {
  const own = tensors.filter(({ name }) => name.startsWith(encoderPrefix));
  if (own.length === 0) return textEncoder.fingerprint;
  const weights = own.map(({ name, shape, ...tensor }) => ({
    name: name.slice(encoderPrefix.length),
    shape,
    bytes: widened(tensor),
  }));
  return trainedFingerprint(textEncoder.id, textEncoder.options, weights);
}
