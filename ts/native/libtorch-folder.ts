import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LibTorchFlavour } from './libtorch-pin';

/** A LibTorch on disk, known by its files alone. */
export interface LibTorchFolder {
  /** The torch folder: it holds `lib/` and, for a build, `include/`. */
  root: string;
  /** As its files say, such as `2.11.0+cu130`. */
  version: string;
  flavour: LibTorchFlavour;
  hasHeaders: boolean;
}

/** Shared libraries in the order in which they are mapped. */
const cpuLibraries = ['libc10.so', 'libtorch_cpu.so'];
const cudaLibraries = ['libc10_cuda.so', 'libtorch_cuda.so'];

/** Absolute paths of what a device needs, in the order of mapping. */
export function librariesFor(folder: LibTorchFolder, device: LibTorchFlavour): string[] {
  const names = device === 'cuda' ? [...cpuLibraries, ...cudaLibraries] : cpuLibraries;
  return names.map((name) => join(folder.root, 'lib', name));
}

const versionFiles: [path: string, pattern: RegExp][] = [
  ['version.py', /__version__\s*=\s*['"]([^'"]+)['"]/],
  ['build-version', /^(\S+)/],
  ['include/torch/headeronly/version.h', /#define TORCH_VERSION \\?\s*"([^"]+)"/],
  ['share/cmake/Torch/TorchConfigVersion.cmake', /PACKAGE_VERSION "([^"]+)"/],
];

function readVersion(root: string): string | undefined {
  for (const [path, pattern] of versionFiles) {
    const file = join(root, path);
    if (!existsSync(file)) continue;
    const version = pattern.exec(readFileSync(file, 'utf8'))?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

/** `2.11.0` from `2.11.0+cu130`. */
export function baseVersion(version: string): string {
  return version.split('+', 1)[0] ?? version;
}

/**
 * Looks at a folder that may be LibTorch itself, or hold it as `torch/` (the layout of site-packages).
 * @returns the folder, or why it is none, as the end of a sentence.
 */
export function inspectFolder(path: string): LibTorchFolder | { reason: string } {
  if (!existsSync(path)) return { reason: 'there is no such folder' };
  const root = [path, join(path, 'torch')].find((folder) =>
    existsSync(join(folder, 'lib', 'libtorch_cpu.so')),
  );
  if (root === undefined) return { reason: 'it has no lib/libtorch_cpu.so' };
  const missing = cpuLibraries.find((name) => !existsSync(join(root, 'lib', name)));
  if (missing !== undefined) return { reason: `it has no lib/${missing}` };
  const version = readVersion(root);
  if (version === undefined) return { reason: 'none of its files says which version it is' };
  const hasCuda = cudaLibraries.every((name) => existsSync(join(root, 'lib', name)));
  const hasHeaders = existsSync(join(root, 'include', 'torch', 'headeronly', 'version.h'));
  return { root, version, flavour: hasCuda ? 'cuda' : 'cpu', hasHeaders };
}
