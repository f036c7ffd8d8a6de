import fs from 'node:fs';
import path from 'node:path';
import { CheckpointError, UsageError } from '../../errors';
import { writeFileAtomic } from '../../formats/atomic-file';
import { systemCode } from '../../formats/io-error';

/** What makes one demo another; the same folder continues only with the same settings. */
export interface DemoSettings {
  images: number;
  steps: number;
  seed: number;
}

/** Where the parts of a demo lie. The folder is the run folder of the training, too. */
export interface DemoPaths {
  folder: string;
  settings: string;
  pack: string;
  bundle: string;
  pictures: string;
}

export function demoPaths(folder: string): DemoPaths {
  const at = (name: string) => path.join(folder, name);
  return {
    folder,
    settings: at('demo.json'),
    pack: at('flowers.safetensors'),
    bundle: at('bundle.safetensors'),
    pictures: at('pictures.png'),
  };
}

const flagOf = { images: '--images', steps: '--steps', seed: '--seed' } as const;

/**
 * Begins a demo in an empty folder or continues the one that is there.
 * @throws UsageError where the folder holds something else, or a demo of other settings
 */
export async function openDemoFolder(
  paths: DemoPaths,
  settings: DemoSettings,
): Promise<'begun' | 'continued'> {
  const text = await readIfThere(paths.settings);
  if (text !== null) {
    compare(paths, parse(paths, text), settings);
    return 'continued';
  }
  await fs.promises.mkdir(paths.folder, { recursive: true });
  if ((await fs.promises.readdir(paths.folder)).length > 0)
    throw new UsageError(
      `\`--out\` must be an empty folder or one of a demo, but ${paths.folder} holds other files`,
      {
        hint: 'Name another folder with --out.',
      },
    );
  await writeFileAtomic(paths.settings, `${JSON.stringify(settings, null, 2)}\n`);
  return 'begun';
}

/** Removes a folder that a demo made, and nothing that is not one. */
export async function clearDemoFolder(paths: DemoPaths): Promise<void> {
  if ((await readIfThere(paths.settings)) === null) return;
  for (const name of await fs.promises.readdir(paths.folder))
    if (name !== path.basename(paths.settings))
      await fs.promises.rm(path.join(paths.folder, name), { recursive: true, force: true });
  // Last, so that a folder that was half cleared is still known as a demo's.
  await fs.promises.rm(paths.settings, { force: true });
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await fs.promises.readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function parse(paths: DemoPaths, text: string): Partial<DemoSettings> {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CheckpointError(`\`${paths.settings}\` must hold the settings of a demo, but is not JSON`, {
      hint: 'Add --fresh to begin anew.',
      cause: error,
    });
  }
}

function compare(paths: DemoPaths, before: Partial<DemoSettings>, now: DemoSettings): void {
  for (const name of Object.keys(flagOf) as (keyof DemoSettings)[])
    if (before[name] !== now[name])
      throw new UsageError(
        `\`${flagOf[name]}\` must be ${before[name]}, as the demo in ${paths.folder} began, but is ${now[name]} instead`,
        { hint: 'Add --fresh to begin anew there, or name another folder with --out.' },
      );
}
