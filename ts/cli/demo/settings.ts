import fs from 'node:fs';
import path from 'node:path';
import { CheckpointError, UsageError } from '../../errors';
import { writeFileAtomic } from '../../formats/atomic-file';
import { systemCode } from '../../formats/io-error';
import { RunLock } from '../../training/run-lock';

/** What makes one demo another; the same folder continues only with the same settings. */
export interface DemoSettings {
  /** Of the species. */
  images: number;
  /** Mixed flowers beside them. */
  hybrids: number;
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

const flagOf = { images: '--images', hybrids: '--hybrids', steps: '--steps', seed: '--seed' } as const;

/**
 * Begins a demo in an empty folder, or continues the one that is there.
 * @param fresh throw away what an earlier demo made there
 * @throws UsageError where the folder holds something else, or a demo of other settings
 */
export async function openDemoFolder(
  paths: DemoPaths,
  settings: DemoSettings,
  fresh: boolean,
): Promise<'begun' | 'continued'> {
  const text = await readIfThere(paths.settings);
  if (text !== null && !fresh) {
    compare(paths, parse(paths, text), settings);
    return 'continued';
  }
  await fs.promises.mkdir(paths.folder, { recursive: true });
  if (text !== null) await clear(paths.folder);
  else if ((await fs.promises.readdir(paths.folder)).length > 0)
    throw new UsageError(
      `\`--out\` must be an empty folder or one of a demo, but ${paths.folder} holds other files`,
      {
        hint: 'Name another folder with --out.',
      },
    );
  await writeFileAtomic(paths.settings, `${JSON.stringify(settings, null, 2)}\n`);
  return 'begun';
}

/** What a demo and its training write; whatever else lies in the folder is somebody's own. */
const ownNames =
  /^(flowers(\.embeddings-[0-9a-f]+)?\.safetensors|bundle\.safetensors|pictures\.png|options\.json|run\.json|metrics\.jsonl|events\..*|loss\.(png|svg)|checkpoints|samples)$/;

async function clear(folder: string): Promise<void> {
  // Not under the feet of a demo that is running: its lock is taken over only when its process is gone.
  const lock = await RunLock.acquire(folder);
  try {
    for (const name of await fs.promises.readdir(folder))
      if (ownNames.test(name))
        await fs.promises.rm(path.join(folder, name), { recursive: true, force: true });
  } finally {
    await lock.release();
  }
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
    // Demos had no hybrids before they had the setting.
    return { hybrids: 0, ...JSON.parse(text) };
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
