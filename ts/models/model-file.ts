import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { CheckpointError } from '../errors';
import { ioError, systemCode } from '../formats/io-error';
import { readSafetensorsHeader, type SafetensorsFile, verifyContent } from '../formats/safetensors';
import { refuser } from '../formats/safetensors-header';
import { type NetworkDescription, networkSchema } from './network-options';
import type { TrainingOptions } from './option-schema';
import { type Provenance, provenanceSchema } from './provenance';
import { weightsIn } from './read-weights';
import type { EncoderWeights, TextEncoderRecord } from './text-encoder';

/** The two kinds of file that hold a generator, and the newest version of each that this florigen reads. */
export const modelFormats = { checkpoint: 'florigen.checkpoint', bundle: 'florigen.bundle' } as const;
export const modelFormatVersion = 1;
/** Name of the bundle that a finished run leaves in its folder. */
export const bundleName = 'bundle.safetensors';
/** Name of the file of a run's complete options. */
export const optionsName = 'options.json';
/** Folder of a run's checkpoints. */
export const checkpointFolder = 'checkpoints';
/** Prefix of the tensors of a trained text encoder. */
export const encoderPrefix = 'textEncoder.';

const encoderSchema = z.looseObject({
  id: z.string(),
  fingerprint: z.string(),
  options: z.record(z.string(), z.unknown()),
  provenance: z.record(z.string(), z.unknown()).optional(),
});

/** The opened header of a checkpoint or bundle, checked. */
export interface ModelFile {
  kind: keyof typeof modelFormats;
  file: SafetensorsFile;
  network: NetworkDescription;
  textEncoder: TextEncoderRecord;
  /** The options of the run, as they were written; not checked against today's schema. */
  options: TrainingOptions;
  provenance: Provenance;
}

/** Metadata that checkpoints and bundles have in common. */
export function modelMetadata(
  kind: ModelFile['kind'],
  content: Omit<ModelFile, 'kind' | 'file'>,
): Record<string, string> {
  return {
    format: modelFormats[kind],
    formatVersion: String(modelFormatVersion),
    network: JSON.stringify(content.network),
    textEncoder: JSON.stringify(content.textEncoder),
    options: JSON.stringify(content.options),
    provenance: JSON.stringify(content.provenance),
  };
}

/**
 * Opens a checkpoint or bundle and checks its header, not its data.
 * @throws CheckpointError for a foreign, short or newer file
 */
export async function openModelFile(modelPath: string): Promise<ModelFile> {
  const readOptions = { error: CheckpointError, kind: 'a florigen checkpoint or bundle' };
  const file = await readSafetensorsHeader(modelPath, readOptions);
  const fail = refuser(modelPath, readOptions);
  const format = file.metadata.get('format');
  const kind = format === modelFormats.bundle ? 'bundle' : 'checkpoint';
  if (format !== modelFormats[kind])
    return fail(format === undefined ? 'it is a foreign safetensors file' : `it is of the format ${format}`);
  const version = file.metadata.get('formatVersion') ?? '';
  if (!/^[1-9]\d*$/.test(version)) fail('its metadata `formatVersion` is not a version');
  if (Number(version) > modelFormatVersion)
    throw new CheckpointError(
      `\`${modelPath}\` is a ${kind} of version ${version}, but this florigen reads ${modelFormatVersion}.`,
      { hint: 'Update florigen.' },
    );
  const read = <T>(name: string, schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(parseJson(file.metadata.get(name)));
    if (parsed.success) return parsed.data;
    const place = parsed.error.issues[0]!.path.join('.');
    return fail(`its metadata \`${name}\` is missing or wrong${place === '' ? '' : ` at \`${place}\``}`);
  };
  return {
    kind,
    file,
    network: read('network', networkSchema),
    textEncoder: read('textEncoder', encoderSchema),
    options: read('options', z.looseObject({})) as unknown as TrainingOptions,
    provenance: read('provenance', provenanceSchema),
  };
}

/** Compares the data with the hash in the header. @throws CheckpointError where a bit has changed */
export async function verifyModelFile(model: ModelFile, signal?: AbortSignal): Promise<void> {
  await verifyContent(model.file, signal === undefined ? {} : { signal });
}

/** The weights of the file's text encoder. */
export function encoderWeights({ file }: ModelFile): EncoderWeights {
  return weightsIn(file, encoderPrefix);
}

/** Prefix of the generator's tensors that draw: the average where there is one, else the live weights. */
export function generatorPrefix({ file }: ModelFile): 'ema.' | 'generator.' {
  return [...file.tensors.keys()].some((name) => name.startsWith('ema.')) ? 'ema.' : 'generator.';
}

/** Checkpoints of a run folder as [step, path], newest first. A folder without any gives none. */
export async function checkpointPaths(runFolder: string): Promise<{ step: number; path: string }[]> {
  const folder = path.join(runFolder, checkpointFolder);
  let names: string[];
  try {
    names = await fs.promises.readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw ioError(folder, 'could not be read', error);
  }
  return names
    .flatMap((name) => {
      const match = /^step-(\d{8,})\.safetensors$/.exec(name);
      return match === null ? [] : [{ step: Number(match[1]), path: path.join(folder, name) }];
    })
    .sort((a, b) => b.step - a.step);
}

/**
 * The file that a path means: itself, or for a run folder its newest checkpoint or its bundle, whichever has seen
 * more steps (the bundle where equal). @throws CheckpointError where there is none
 */
export async function resolveModelPath(pathOrRun: string): Promise<string> {
  const stat = await fs.promises.stat(pathOrRun).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw ioError(pathOrRun, 'could not be read', error);
    throw new CheckpointError(
      `\`${pathOrRun}\` must be a run folder, a checkpoint or a bundle, but there is no such file.`,
      {
        hint: 'Train one with `florigen demo` or `florigen train`.',
        cause: error,
      },
    );
  });
  if (!stat.isDirectory()) return pathOrRun;
  const [newest] = await checkpointPaths(pathOrRun);
  const bundle = path.join(pathOrRun, bundleName);
  if (fs.existsSync(bundle)) {
    if (newest === undefined || (await openModelFile(bundle)).provenance.step >= newest.step) return bundle;
  }
  if (newest !== undefined) return newest.path;
  throw new CheckpointError(
    `\`${pathOrRun}\` must be a run folder with a checkpoint or a bundle, but has neither.`,
    {
      hint: 'Let the run save once, with Ctrl-C or by finishing an epoch.',
    },
  );
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
