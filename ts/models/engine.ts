import { LibraryError, mustBe, UsageError } from '../errors';
import type { FlorigenAddon, NativeDevice, NativeRuntimeInfo } from '../native/addon';
import { chooseDevice, loadAddon } from '../native/load';

/** What opening the engine depends on. */
export interface EngineOptions {
  device: 'auto' | NativeDevice;
  /** Threads of the engine, 0 for one per core; `undefined` takes what the process has already. */
  threads?: number | undefined;
}

/** The native library, ready for work on a device. */
export interface Engine {
  addon: FlorigenAddon;
  device: NativeDevice;
  runtime: NativeRuntimeInfo;
  /** What a user should know of the choice of the device; may be empty. */
  notice: string;
}

/** Threads are set once per process: what each addon was set up with. */
const configured = new WeakMap<FlorigenAddon, { threads: number; runtime: NativeRuntimeInfo }>();

/**
 * Opens the native library for a device and sets its threads at the first call.
 * @param given an addon in place of the one that is loaded; for tests
 * @throws LibraryError where LibTorch, florigen's library or the device is missing; UsageError for other threads
 * than those the process has
 */
export function openEngine({ device, threads }: EngineOptions, given?: FlorigenAddon): Engine {
  const chosen =
    given === undefined ? chooseDevice(device) : { device: device === 'auto' ? 'cpu' : device, notice: '' };
  const addon = given ?? loadAddon({ device: chosen.device });
  const runtime = configureOnce(addon, threads);
  if (chosen.device === 'cuda' && runtime.cudaDevices.length === 0)
    throw new LibraryError('`device` must be cpu here, but is cuda instead: LibTorch sees no CUDA device', {
      hint: 'See `florigen doctor` for what was found.',
    });
  return { addon, device: chosen.device, runtime, notice: chosen.notice };
}

function configureOnce(addon: FlorigenAddon, threads: number | undefined): NativeRuntimeInfo {
  const earlier = configured.get(addon);
  if (earlier !== undefined) {
    if (threads === undefined || threads === earlier.threads || threads === earlier.runtime.threads)
      return earlier.runtime;
    throw new UsageError(
      mustBe('threads', `${earlier.runtime.threads}, as set when this process began to compute`, threads),
      { hint: 'Threads are set once per process.' },
    );
  }
  const runtime = addon.configureRuntime({ threads: threads ?? 0 });
  configured.set(addon, { threads: threads ?? 0, runtime });
  return runtime;
}
