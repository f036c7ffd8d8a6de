import fs from 'node:fs';
import path from 'node:path';
import { TrainingConfig, type TrainingOptions } from '../models/config';
import { mergeTrees, type OptionsConfig, type OptionTree } from '../models/options-config';

/** The preset, the file and the flags, in this order, as complete options. @throws UsageError */
export async function trainingOptions(flags: OptionTree, configFile?: string): Promise<TrainingOptions> {
  return await optionsOf(TrainingConfig, flags, configFile);
}

/** The same for any kind of run. */
export async function optionsOf<Options>(
  config: OptionsConfig<Options>,
  flags: OptionTree,
  configFile?: string,
): Promise<Options> {
  const file = configFile === undefined ? {} : ((await config.readJson(configFile)) as OptionTree);
  // A length by flag takes the place of the file's, whichever way that one was given.
  if (flags.steps !== undefined) delete file.epochs;
  if (flags.epochs !== undefined) delete file.steps;
  return config.parse(mergeTrees(file, flags));
}

/** `runs/PRESET`, or the first of `runs/PRESET-2`, `runs/PRESET-3`, ... that does not exist. */
export function freshRunFolder(preset: string): string {
  const first = path.join('runs', preset);
  for (let number = 1; ; number++) {
    const folder = number === 1 ? first : `${first}-${number}`;
    if (!fs.existsSync(folder)) return folder;
  }
}
