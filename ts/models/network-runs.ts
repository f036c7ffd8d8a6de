import fs from 'node:fs';
import path from 'node:path';
import { ioError, systemCode } from '../formats/io-error';
import type { SafetensorsFile } from '../formats/safetensors';
import { openEncoderFile } from './encoder-file';
import { openFeatureNetworkFile } from './feature-file';
import { optionsName } from './model-file';

/** The runs that train one network, by the group of their command, and what each of them leaves. */
export const networkRuns = {
  encoder: {
    trains: 'a text encoder',
    /** The format of its checkpoints. */
    checkpointFormat: 'florigen.encoder-checkpoint',
    /** Name of the file that a finished run leaves in its folder. */
    fileName: 'encoder.safetensors',
    /** An option that no other kind of run has. */
    ownOption: 'objective',
    open: openEncoderFile,
  },
  features: {
    trains: 'a feature network',
    checkpointFormat: 'florigen.features-checkpoint',
    fileName: 'features-network.safetensors',
    ownOption: 'classWeight',
    open: openFeatureNetworkFile,
  },
} as const;

export type NetworkRunKind = keyof typeof networkRuns;

/** Which network the run in a folder trains, by its options; null for a GAN's run and for what is no run folder. */
export async function networkRunKind(folder: string): Promise<NetworkRunKind | null> {
  const options = await optionsIn(folder);
  const kinds = Object.keys(networkRuns) as NetworkRunKind[];
  return kinds.find((kind) => Object.hasOwn(options, networkRuns[kind].ownOption)) ?? null;
}

async function optionsIn(folder: string): Promise<object> {
  const file = path.join(folder, optionsName);
  try {
    return Object(JSON.parse(await fs.promises.readFile(file, 'utf8')));
  } catch (error) {
    const isNone = ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '');
    if (error instanceof SyntaxError || isNone) return {};
    throw ioError(file, 'could not be read', error);
  }
}

/** The command that goes on with a run. */
export const resumeCommand = (kind: NetworkRunKind, folder: string) =>
  `florigen ${kind} train --resume ${folder}`;

/**
 * The network's file that a run has written, and the step that it is of, 0 where it says none; null without a file.
 * @throws CheckpointError for a foreign, short or newer file
 */
export async function writtenNetwork(
  kind: NetworkRunKind,
  folder: string,
): Promise<{ file: SafetensorsFile; step: number } | null> {
  const { fileName, open } = networkRuns[kind];
  const file = path.join(folder, fileName);
  if (!fs.existsSync(file)) return null;
  const opened = await open(file);
  const { step } = opened.provenance;
  return { file: opened.file, step: typeof step === 'number' ? step : 0 };
}
