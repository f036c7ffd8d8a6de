import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FlorigenError } from '../errors';
import { ZipFile } from '../formats/zip';
import { withLock } from './install-lock';
import type { PinnedSet, PinnedWheel } from './libtorch-pin';
import { type Environment, homeFolder } from './platform';
import { obtainWheel } from './wheel-store';

export interface InstallOptions {
  /** A wheel, a folder or a URL, instead of pip's index. */
  from?: string | undefined;
  environment?: Environment;
  /** One line per thing done. */
  onLine?: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** True for a name that one of the members asks for: the name itself, a folder above it, or everything. */
export function isWanted(name: string, members: readonly string[]): boolean {
  return members.some(
    (member) => name === member || ((member === '' || member.endsWith('/')) && name.startsWith(member)),
  );
}

/**
 * Fetches the pinned wheels and unpacks them as one folder that appears whole or not at all.
 * @param target the folder; where it exists already, nothing is done
 * @param check looks at the unpacked folder before it is declared good, and throws where it is not
 * @returns whether anything was done
 */
export async function installWheels(
  set: PinnedSet,
  target: string,
  options: InstallOptions,
  check: (folder: string) => void,
): Promise<boolean> {
  if (existsSync(target)) return false;
  const onLine = options.onLine ?? (() => {});
  const wait = (pid: number) => onLine(`Waiting for process ${pid}, which is installing the same`);
  return withLock(`${target}.lock`, () => installLocked(set, target, { ...options, onLine }, check), wait);
}

async function installLocked(
  set: PinnedSet,
  target: string,
  options: InstallOptions & { onLine: (line: string) => void },
  check: (folder: string) => void,
): Promise<boolean> {
  if (existsSync(target)) return false;
  await removeLeftovers(target);
  await checkSpace(dirname(target), set.diskBytes);
  const downloads = join(homeFolder(options.environment), 'downloads');
  const wheels: [PinnedWheel, string][] = [];
  for (const wheel of set.wheels)
    wheels.push([wheel, await obtainWheel(set, wheel, { ...options, downloads })]);
  await appear(target, check, async (folder) => {
    for (const [wheel, path] of wheels) {
      options.onLine(`Unpacking ${wheel.name} ${wheel.version}`);
      await unpack(path, wheel.members, folder, options.signal);
    }
  });
  for (const [, path] of wheels) if (dirname(path) === downloads) await rm(path, { force: true });
  return true;
}

/** Fills a folder aside, checks it and gives it its name. */
export async function appear(
  target: string,
  check: (folder: string) => void,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const aside = `${target}.tmp-${process.pid}`;
  try {
    await mkdir(aside, { recursive: true });
    await fill(aside);
    check(aside);
    await rename(aside, target);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Called under the lock: whoever left these is gone. */
async function removeLeftovers(target: string): Promise<void> {
  const folder = dirname(target);
  if (!existsSync(folder)) return;
  const leftovers = (await readdir(folder)).filter((name) => name.startsWith(`${basename(target)}.tmp-`));
  for (const name of leftovers) await rm(join(folder, name), { recursive: true, force: true });
}

async function checkSpace(folder: string, bytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const megabytes = (count: number) => `${Math.round(count / 1e6)} MB`;
  throw new FlorigenError(
    'IO',
    `${folder} must have ${megabytes(bytes)} free, but has ${megabytes(bavail * bsize)}`,
    {
      hint: 'Make room, or set FLORIGEN_HOME to a folder on a larger disk.',
    },
  );
}

async function unpack(path: string, members: string[], folder: string, signal: AbortSignal | undefined) {
  const archive = await ZipFile.open(path);
  try {
    for (const entry of archive.entries) {
      signal?.throwIfAborted();
      if (!entry.name.endsWith('/') && isWanted(entry.name, members)) await archive.extract(entry, folder);
    }
  } finally {
    await archive.close();
  }
}
