import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LibraryError } from '../errors';
import { platformKey } from './platform';

/** What an installation holds: `cpu` runs anywhere, `cuda` also drives NVIDIA devices. */
export type LibTorchFlavour = 'cpu' | 'cuda';

/** A wheel as pip names it, with the digest that decides whether a file is that wheel. */
export interface PinnedWheel {
  name: string;
  version: string;
  file: string;
  /** pip's platform tag, such as `manylinux_2_28_x86_64`. */
  platform: string;
  sha256: string;
  /** What is unpacked: whole names, folders (`torch/include/`), or the empty string for everything. */
  members: string[];
}

/** A set of wheels that unpack into one folder. */
export interface PinnedSet {
  /** Free space that fetching and unpacking needs at most. */
  diskBytes: number;
  pythonVersion: string;
  abi: string;
  wheels: PinnedWheel[];
}

interface PinFile {
  version: string;
  pythonVersion: string;
  abi: string;
  platforms: Record<
    string,
    {
      wheels: Record<string, Omit<PinnedWheel, 'name' | 'members'>>;
      flavours: Record<string, { diskBytes: number; members: Record<string, string[]> }>;
    }
  >;
}

/** The checkout's or the package's root: two folders above `lib/native` and `ts/native` alike. */
export const packageRoot = join(__dirname, '..', '..');

function readPin(): PinFile {
  return JSON.parse(readFileSync(join(packageRoot, 'libtorch.json'), 'utf8')) as PinFile;
}

/** The one version of LibTorch that florigen fits, such as `2.11.0`. */
export function pinnedVersion(): string {
  return readPin().version;
}

/**
 * The wheels of a flavour for this machine.
 * @throws {LibraryError} where florigen has no pin for the platform.
 */
export function pinnedSet(flavour: LibTorchFlavour | 'cudaCompiler', platform = platformKey()): PinnedSet {
  const pin = readPin();
  const known = pin.platforms[platform];
  const chosen = known?.flavours[flavour];
  if (known === undefined || chosen === undefined) {
    throw new LibraryError(`florigen has no pinned LibTorch (${flavour}) for ${platform}`, {
      hint: `Unpack LibTorch ${pin.version} yourself and set FLORIGEN_LIBTORCH to its folder.`,
    });
  }
  const wheels = Object.entries(chosen.members).map(([name, members]) => {
    const wheel = known.wheels[name];
    if (wheel === undefined) throw new Error(`libtorch.json names no wheel ${name}`);
    return { name, ...wheel, members };
  });
  return { diskBytes: chosen.diskBytes, pythonVersion: pin.pythonVersion, abi: pin.abi, wheels };
}
