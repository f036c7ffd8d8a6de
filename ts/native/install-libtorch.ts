import { existsSync, statSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { LibraryError } from '../errors';
import { cacheFolder } from './find-libtorch';
import { withLock } from './install-lock';
import { appear, type InstallOptions, installWheels, isWanted } from './install-wheels';
import { baseVersion, inspectFolder, type LibTorchFolder } from './libtorch-folder';
import { type LibTorchFlavour, pinnedSet, pinnedVersion } from './libtorch-pin';
import { testLoading } from './load-test';
import { checkPlatform } from './platform';

/**
 * Fills florigen's cache with the pinned LibTorch, from the wheels that pip would fetch or from `from`: a wheel, a
 * folder of wheels, an unpacked LibTorch (site-packages layout), or a URL. Idempotent; an interruption keeps whole
 * downloads; the folder is opened in a child process before it counts.
 * @throws {LibraryError} naming what is missing, altered, or cannot be opened.
 */
export async function installLibTorch(
  flavour: LibTorchFlavour,
  options: InstallOptions = {},
): Promise<LibTorchFolder> {
  checkPlatform();
  const set = pinnedSet(flavour);
  const target = cacheFolder(flavour, options.environment);
  if (existsSync(target) && 'reason' in inspectFolder(target)) await rm(target, { recursive: true });
  const check = (folder: string) => {
    options.onLine?.('Testing that it can be opened');
    testLoading(accepted(folder, flavour));
  };
  const unpacked = unpackedFolder(options.from);
  if (unpacked === undefined) {
    await installWheels(set, target, options, check);
  } else if (!existsSync(target)) {
    accepted(unpacked, flavour);
    const members = set.wheels.flatMap((wheel) => (wheel.members[0] === '' ? ['nvidia/'] : wheel.members));
    await withLock(`${target}.lock`, () =>
      appear(target, check, (folder) => copyMembers(unpacked, folder, members)),
    );
  }
  return accepted(target, flavour);
}

/** The folder above `torch/`, where `from` is an unpacked LibTorch. */
function unpackedFolder(from: string | undefined): string | undefined {
  if (from === undefined || !existsSync(from) || !statSync(from).isDirectory()) return undefined;
  const found = inspectFolder(from);
  return 'reason' in found ? undefined : dirname(found.root);
}

/** The LibTorch in a folder, where it is the pinned version and has what the flavour needs. */
function accepted(path: string, flavour: LibTorchFlavour): LibTorchFolder {
  const found = inspectFolder(path);
  if ('reason' in found)
    throw new LibraryError(`${path} must hold LibTorch ${pinnedVersion()}, but ${found.reason}`);
  if (baseVersion(found.version) !== pinnedVersion()) {
    throw new LibraryError(
      `${path} must hold LibTorch ${pinnedVersion()}, but holds ${found.version} instead`,
    );
  }
  if (flavour === 'cuda' && found.flavour !== 'cuda') {
    throw new LibraryError(`${path} must hold a LibTorch with CUDA, but has no CUDA libraries`);
  }
  return found;
}

function copyMembers(source: string, target: string, members: string[]): Promise<void> {
  const isParent = (name: string) => members.some((member) => member.startsWith(`${name}/`));
  return cp(source, target, {
    recursive: true,
    dereference: true,
    filter: (path) => {
      const name = relative(source, path).split(sep).join('/');
      return name === '' || isParent(name) || isWanted(name, members) || members.includes(`${name}/`);
    },
  });
}
