import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LibraryError, mustBe, UsageError } from '../errors';
import type { FlorigenAddon } from './addon';
import { findLibTorch, searchLibTorch } from './find-libtorch';
import { librariesFor } from './libtorch-folder';
import { type LibTorchFlavour, packageRoot } from './libtorch-pin';
import { fromNative, withOurErrors } from './native-errors';
import { checkPlatform, hasNvidiaDriver, platformKey } from './platform';

export interface LoadOptions {
  /** The device that work will run on; the first call of a process decides. Default `cpu`. */
  device?: LibTorchFlavour;
  /** A folder of LibTorch, before every other place. */
  libtorch?: string | undefined;
}

/** What florigen.node exports: it knows nothing of LibTorch but the version that florigen was built against. */
interface Loader {
  builtAgainst: string;
  load(options: { libtorch: string[]; library: string; cudaLibrary: string }): FlorigenAddon;
}

let loaded: { addon: FlorigenAddon; device: LibTorchFlavour } | undefined;

/**
 * The native library, opened at the first call and then kept: help, configuration and data sets work without it.
 * @throws {LibraryError} where LibTorch or the native library is missing or of another version.
 */
export function loadAddon(options: LoadOptions = {}): FlorigenAddon {
  const device = options.device ?? 'cpu';
  if (loaded !== undefined) {
    if (device === 'cuda' && loaded.device !== 'cuda') {
      throw new LibraryError('LibTorch has been opened without CUDA in this process', {
        hint: "Ask for `device: 'cuda'` before anything else, or use a process of its own.",
      });
    }
    return loaded.addon;
  }
  checkPlatform();
  const addon = withOurErrors(openAddon(device, options.libtorch));
  // Without this, LibTorch's static objects are destroyed under the running engine when a program calls process.exit().
  process.on('exit', () => addon.stopEngine());
  loaded = { addon, device };
  return addon;
}

function openAddon(device: LibTorchFlavour, libtorch: string | undefined): FlorigenAddon {
  const { loader, folder } = requireLoader();
  const found = findLibTorch({ device, libtorch });
  // cuBLAS reads this once, when it starts; without it a deterministic run is refused.
  if (device === 'cuda') process.env.CUBLAS_WORKSPACE_CONFIG ??= ':4096:8';
  const cudaLibrary = join(folder, 'libflorigen_cuda.so');
  try {
    return loader.load({
      libtorch: librariesFor(found, device),
      library: join(folder, 'libflorigen.so'),
      cudaLibrary: device === 'cuda' && existsSync(cudaLibrary) ? cudaLibrary : '',
    });
  } catch (error) {
    throw fromNative(error);
  }
}

const buildHint =
  'In a checkout run `npm run build:native`; in a project, reinstall florigen or ask for a prebuilt library of your platform.';

/** Where florigen.node is: in a checkout's build, or among the prebuilt ones of the package. */
export function nativeLibraryPath(): string | undefined {
  try {
    const path = (require('node-gyp-build') as { path(root: string): string }).path(packageRoot);
    return existsSync(join(dirname(path), 'libflorigen.so')) ? path : undefined;
  } catch {
    return undefined; // its way of saying that there is none
  }
}

/** The only place that requires a .node file. */
function requireLoader(): { loader: Loader; folder: string } {
  const path = nativeLibraryPath();
  if (path === undefined) {
    throw new LibraryError(`The native library of florigen is missing for ${platformKey()}`, {
      hint: buildHint,
    });
  }
  try {
    return { loader: require(path) as Loader, folder: dirname(path) };
  } catch (error) {
    throw new LibraryError(`The native library ${path} cannot be opened: ${(error as Error).message}`, {
      hint: buildHint,
      cause: error,
    });
  }
}

/** The device that a request means here, and a sentence where it is not the one that a user may have hoped for. */
export interface DeviceChoice {
  device: LibTorchFlavour;
  notice: string;
}

/**
 * Decides what `device: 'auto'` means: CUDA where a driver and a LibTorch with CUDA are present, else the CPU. Never
 * silent: where a driver is present but LibTorch has no CUDA, the notice says so and what to do.
 */
export function chooseDevice(requested: string, libtorch?: string): DeviceChoice {
  if (requested === 'cpu' || requested === 'cuda') return { device: requested, notice: '' };
  if (requested !== 'auto') throw new UsageError(mustBe('device', "'cpu', 'cuda' or 'auto'", requested));
  if (!hasNvidiaDriver()) return { device: 'cpu', notice: '' };
  const found = searchLibTorch({ device: 'cuda', libtorch }).at(-1);
  if (found !== undefined && found.reason === undefined) return { device: 'cuda', notice: '' };
  return {
    device: 'cpu',
    notice:
      'An NVIDIA driver is present, but no LibTorch with CUDA was found, so the CPU does the work; ' +
      'run `npx florigen libtorch install --cuda` to use the GPU.',
  };
}
