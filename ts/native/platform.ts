import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LibraryError } from '../errors';

/** The environment that decides where things lie; a parameter so that tests need not change the process's own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `linux-x64` and so on: the key of a platform in `libtorch.json` and the folder of a prebuilt library. */
export function platformKey(): string {
  return `${process.platform}-${process.arch}`;
}

/** True on Alpine and the like: LibTorch is built for glibc and has no build for musl. */
export function usesMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime === undefined;
}

/** True where an NVIDIA driver is present; whether a device can be used is for LibTorch to say. */
export function hasNvidiaDriver(): boolean {
  return ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'].some((path) => existsSync(path));
}

/**
 * The folder that holds everything that florigen fetches: `FLORIGEN_HOME`, or `florigen` in the user's cache folder.
 */
export function homeFolder(environment: Environment = process.env): string {
  if (environment.FLORIGEN_HOME) return environment.FLORIGEN_HOME;
  const cache = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache');
  return join(cache, 'florigen');
}

/** Throws where LibTorch itself has no build, with what to do. */
export function checkPlatform(): void {
  if (usesMusl()) {
    throw new LibraryError('LibTorch must run on glibc, but this system (Alpine?) uses musl instead', {
      hint: 'Use a Debian, Ubuntu or Fedora system or image: LibTorch has no build for musl.',
    });
  }
}
