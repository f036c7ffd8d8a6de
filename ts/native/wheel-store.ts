import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LibraryError } from '../errors';
import type { PinnedSet, PinnedWheel } from './libtorch-pin';
import { downloadWheel, type WheelSource } from './pip';

/** SHA-256 of a file, in hexadecimal. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

export interface StoreOptions {
  /** A wheel, a folder of wheels, or an address, instead of pip's index. */
  from?: string | undefined;
  /** Whole downloads stay here until the installation that wanted them has ended well. */
  downloads: string;
  onLine: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * The path of a pinned wheel whose bytes are the pinned ones: the user's own, one that an interrupted set-up left, or
 * a fresh download.
 * @throws {LibraryError} where the file is missing or its digest is another.
 */
export async function obtainWheel(
  set: PinnedSet,
  wheel: PinnedWheel,
  options: StoreOptions,
): Promise<string> {
  const own = ownFile(set, wheel, options.from);
  if (own !== undefined) {
    await checkDigest(own, wheel);
    return own;
  }
  const kept = join(options.downloads, wheel.file);
  if (existsSync(kept)) {
    if ((await fileDigest(kept)) === wheel.sha256) return kept;
    await rm(kept);
  }
  await fetchInto(kept, set, wheel, options);
  return kept;
}

/** The user's own file, where `--from` names one; undefined where pip must fetch. */
function ownFile(set: PinnedSet, wheel: PinnedWheel, from: string | undefined): string | undefined {
  if (from === undefined || isAddress(from)) return undefined;
  if (!existsSync(from))
    throw new LibraryError(`\`--from\` must be a file, a folder or a URL, but there is no ${from}`);
  if (!statSync(from).isDirectory()) {
    if (wheel === set.wheels[0]) return from;
    const beside = join(dirname(from), wheel.file);
    return existsSync(beside) ? beside : undefined;
  }
  const file = join(from, wheel.file);
  if (existsSync(file)) return file;
  throw new LibraryError(
    `The folder ${from} must hold ${set.wheels.map(({ file: name }) => name).join(', ')}`,
    {
      hint: `There is no ${wheel.file} in it (pip download ${wheel.name}==${wheel.version} fetches it).`,
    },
  );
}

function isAddress(from: string): boolean {
  return /^[a-z]+:\/\//i.test(from);
}

function sourceOf(set: PinnedSet, wheel: PinnedWheel, from: string | undefined): WheelSource {
  if (from === undefined || !isAddress(from)) return { kind: 'index' };
  if (!from.endsWith('.whl')) return { kind: 'links', location: from };
  return wheel === set.wheels[0] ? { kind: 'address', url: from } : { kind: 'index' };
}

async function fetchInto(
  target: string,
  set: PinnedSet,
  wheel: PinnedWheel,
  options: StoreOptions,
): Promise<void> {
  await mkdir(options.downloads, { recursive: true });
  const partial = await mkdtemp(join(options.downloads, 'partial-'));
  try {
    options.onLine(`Fetching ${wheel.name} ${wheel.version} with pip`);
    const source = sourceOf(set, wheel, options.from);
    await downloadWheel(set, wheel, { ...options, source, folder: partial });
    const file = (await readdir(partial)).find((name) => name.endsWith('.whl'));
    if (file === undefined) throw new LibraryError(`pip fetched no file for ${wheel.name} ${wheel.version}`);
    await checkDigest(join(partial, file), wheel);
    await rename(join(partial, file), target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function checkDigest(path: string, wheel: PinnedWheel): Promise<void> {
  const digest = await fileDigest(path);
  if (digest === wheel.sha256) return;
  throw new LibraryError(
    `The SHA-256 of ${basename(path)} must be ${wheel.sha256}, but is ${digest} instead`,
    { hint: `florigen is pinned to ${wheel.file}; the file is another build, or was altered on its way.` },
  );
}
