import fs from 'node:fs';
import path from 'node:path';
import { CheckpointError } from '../errors';
import { readSafetensorsHeader } from '../formats/safetensors';
import type { FlorigenAddon } from '../native/addon';
import { HashedNgramEncoder } from './hashed-ngrams';
import { encoderWeights, modelFormats, openModelFile, resolveModelPath, verifyModelFile } from './model-file';
import type { TextEncoder } from './text-encoder';
import { loadTextEncoder, restoreTextEncoder } from './text-encoders';

/** What names word n-grams, which need no file. */
export const ngramsName = 'n-grams';
/** Name of the file that a finished run of an encoder leaves in its folder. */
const encoderName = 'encoder.safetensors';

/**
 * The encoder that a word means: `n-grams`, a file of `encoder train` or `encoder import`, the run folder of an encoder,
 * or a bundle, checkpoint or run folder of a generator, which carries its encoder.
 * @throws CheckpointError
 */
export async function openTextEncoder(source: string, addon?: FlorigenAddon): Promise<TextEncoder> {
  if (source === ngramsName) return new HashedNgramEncoder();
  const own = path.join(source, encoderName);
  if (fs.existsSync(own)) return await loadTextEncoder(own, addon);
  const isFolder = fs.statSync(source, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder && !(await isModel(source))) return await loadTextEncoder(source, addon);
  const model = await openModelFile(await resolveModelPath(source));
  await verifyModelFile(model);
  return await restoreTextEncoder(model.textEncoder, model.file.path, encoderWeights(model), addon);
}

async function isModel(file: string): Promise<boolean> {
  const { metadata } = await readSafetensorsHeader(file, {
    error: CheckpointError,
    kind: 'a florigen text encoder',
  });
  return Object.values<string | undefined>(modelFormats).includes(metadata.get('format'));
}
