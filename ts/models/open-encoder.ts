import fs from 'node:fs';
import path from 'node:path';
import { CheckpointError } from '../errors';
import { readSafetensorsHeader } from '../formats/safetensors';
import type { FlorigenAddon } from '../native/addon';
import { HashedNgramEncoder } from './hashed-ngrams';
import {
  checkpointPaths,
  encoderWeights,
  modelFormats,
  openModelFile,
  resolveModelPath,
  verifyModelFile,
} from './model-file';
import { networkRunKind, networkRuns, resumeCommand, writtenNetwork } from './network-runs';
import type { TextEncoder } from './text-encoder';
import { loadTextEncoder, restoreTextEncoder } from './text-encoders';

/** What names word n-grams, which need no file. */
export const ngramsName = 'n-grams';

/**
 * The encoder that a word means: `n-grams`, a file of `encoder train` or `encoder import`, the run folder of an encoder,
 * or a bundle, checkpoint or run folder of a generator, which carries its encoder.
 * @throws CheckpointError also for an encoder's run that is not finished, or went on after it wrote its file
 */
export async function openTextEncoder(source: string, addon?: FlorigenAddon): Promise<TextEncoder> {
  if (source === ngramsName) return new HashedNgramEncoder();
  await refuseUnfinishedRun(source);
  const own = path.join(source, networkRuns.encoder.fileName);
  if (fs.existsSync(own)) return await loadTextEncoder(own, addon);
  const isFolder = fs.statSync(source, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder && !(await isModel(source))) return await loadTextEncoder(source, addon);
  const model = await openModelFile(await resolveModelPath(source));
  await verifyModelFile(model);
  return await restoreTextEncoder(model.textEncoder, model.file.path, encoderWeights(model), addon);
}

/** The encoder of a run is what the run has learned to its end, never what it knew on the way. @throws CheckpointError */
async function refuseUnfinishedRun(folder: string): Promise<void> {
  const kind = await networkRunKind(folder);
  if (kind === null) return;
  if (kind !== 'encoder')
    throw new CheckpointError(
      `\`${folder}\` must be the run of a text encoder, but trains ${networkRuns[kind].trains} instead.`,
    );
  const [newest] = await checkpointPaths(folder);
  const written = await writtenNetwork(kind, folder);
  const step = newest?.step ?? 0;
  if (written !== null && written.step >= step) return;
  const { fileName } = networkRuns[kind];
  const lacks = written === null ? `there is no ${fileName}` : `${fileName} is of step ${written.step}`;
  const earlier = written === null ? '' : `, or name the earlier encoder by its file, ${written.file.path}`;
  throw new CheckpointError(
    `\`${folder}\` must be a finished run, but is not finished: it stands at step ${step}, and ${lacks}.`,
    { hint: `Finish it with \`${resumeCommand(kind, folder)}\`${earlier}.` },
  );
}

async function isModel(file: string): Promise<boolean> {
  const { metadata } = await readSafetensorsHeader(file, {
    error: CheckpointError,
    kind: 'a florigen text encoder',
  });
  return Object.values<string | undefined>(modelFormats).includes(metadata.get('format'));
}
