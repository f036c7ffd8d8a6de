import { spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { cpuFeatures } from './cpu-features';
import { cacheFolder, searchLibTorch } from './find-libtorch';
import { packageRoot, pinnedVersion } from './libtorch-pin';
import { nativeLibraryPath } from './load';
import { findPip } from './pip';
import { hasNvidiaDriver, homeFolder, platformKey, usesMusl } from './platform';

/** One thing that was looked at. */
export interface Finding {
  /** Such as `CMake`. */
  name: string;
  /** `missing` is something that florigen cannot do without here; `absent` it can. */
  state: 'ok' | 'missing' | 'absent';
  /** What was found, or what is not there. */
  detail: string;
  /** The next thing to do; empty where there is nothing to do. */
  remedy: string;
}

const ok = (name: string, detail: string): Finding => ({ name, state: 'ok', detail, remedy: '' });

/** First line that a command prints, or undefined where it is missing or fails. */
function firstLine(command: string, parameters: string[]): string | undefined {
  const result = spawnSync(command, parameters, { encoding: 'utf8', timeout: 30_000 });
  return result.status === 0 ? result.stdout.trim().split('\n')[0] : undefined;
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const detail = `${process.versions.node}, ${platformKey()}${usesMusl() ? ', musl' : ''}`;
  if (usesMusl()) {
    return {
      name: 'Node',
      state: 'missing',
      detail,
      remedy: 'Use a system with glibc: LibTorch has no build for musl.',
    };
  }
  if (major > 20 || (major === 20 && minor >= 17)) return ok('Node', detail);
  return { name: 'Node', state: 'missing', detail, remedy: 'Install Node.js 20.17 or newer.' };
}

/** A tool that compiles or tests: needed in a checkout, of no use to someone who installed the package. */
function buildTool(name: string, detail: string | undefined, remedy: string): Finding {
  if (detail !== undefined) return ok(name, detail);
  const inCheckout = existsSync(join(packageRoot, 'CMakeLists.txt'));
  if (inCheckout) return { name, state: 'missing', detail: 'not found', remedy };
  return { name, state: 'absent', detail: 'not found; only a checkout needs it', remedy: '' };
}

function compiler(): Finding {
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter((name) => name !== undefined);
  const found = names.map((name) => firstLine(name, ['--version'])).find((line) => line !== undefined);
  return buildTool('Compiler', found, 'On Debian and Ubuntu: apt-get install g++');
}

function cmake(): Finding {
  return buildTool('CMake', firstLine('cmake', ['--version']), 'On Debian and Ubuntu: apt-get install cmake');
}

function googleTest(): Finding {
  const places = [process.env.FLORIGEN_GOOGLETEST, '/usr/include/gtest', '/usr/local/include/gtest'];
  const found = places.find((place) => place && existsSync(place));
  return buildTool('GoogleTest', found, 'On Debian and Ubuntu: apt-get install libgtest-dev');
}

function python(): Finding {
  try {
    const { python: command, version } = findPip();
    return ok('Python with pip', `${firstLine(command, ['--version'])}, pip ${version}`);
  } catch {
    const detail = 'not found; `florigen libtorch install` fetches through it';
    const remedy = 'On Debian and Ubuntu: apt-get install python3 python3-pip';
    return { name: 'Python with pip', state: 'absent', detail, remedy };
  }
}

function libTorch(): Finding {
  const tried = searchLibTorch();
  const last = tried.at(-1);
  if (last?.found !== undefined && last.reason === undefined) {
    const { root, version, flavour } = last.found;
    return ok('LibTorch', `${version}, ${flavour}, ${root} (${last.source})`);
  }
  const looked = tried.map(({ path, reason }) => `${path}: ${reason}`).join('; ');
  const detail = `${pinnedVersion()} not found${looked && ` (${looked})`}`;
  return { name: 'LibTorch', state: 'missing', detail, remedy: 'Run `npx florigen libtorch install`.' };
}

function nativeLibrary(): Finding {
  const path = nativeLibraryPath();
  if (path !== undefined) return ok('Native library', dirname(path));
  const remedy = 'In a checkout run `npm run build:native`; in a project reinstall florigen.';
  return { name: 'Native library', state: 'missing', detail: 'not found', remedy };
}

/** Instruction sets that LibTorch has kernels for. */
const instructionSets = ['avx2', 'fma', 'avx512f', 'avx512_bf16', 'amx_tile', 'asimd', 'sve'];

function cpu(): Finding {
  const { model, flags } = cpuFeatures();
  const present = instructionSets.filter((name) => flags.has(name)).join(' ') || 'unknown instruction sets';
  return ok('CPU', `${model}, ${availableParallelism()} threads, ${present}`);
}

function cuda(): Finding {
  const query = ['--query-gpu=name,memory.total,compute_cap,driver_version', '--format=csv,noheader'];
  const result = spawnSync('nvidia-smi', query, { encoding: 'utf8', timeout: 30_000 });
  const devices = result.status === 0 ? result.stdout.trim().split('\n').join('; ') : '';
  if (devices === '' && !hasNvidiaDriver()) {
    return { name: 'CUDA', state: 'absent', detail: 'no NVIDIA driver; the CPU does the work', remedy: '' };
  }
  const detail = devices || 'an NVIDIA driver, but nvidia-smi lists no device';
  const found = searchLibTorch({ device: 'cuda' }).at(-1);
  if (found !== undefined && found.reason === undefined) return ok('CUDA', detail);
  const remedy = 'Run `npx florigen libtorch install --cuda`, or put a Python with that torch on PATH.';
  return { name: 'CUDA', state: 'missing', detail: `${detail}; no LibTorch with CUDA was found`, remedy };
}

/** The closest folder above that exists: the cache may not have been made yet. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}

const neededBytes = 2e9;

function disk(): Finding {
  const folder = homeFolder();
  const { bavail, bsize } = statfsSync(existing(folder));
  const detail = `${((bavail * bsize) / 1e9).toFixed(1)} GB free for ${folder}`;
  if (bavail * bsize >= neededBytes || existsSync(cacheFolder('cpu'))) return ok('Disk', detail);
  const remedy = 'Free 2 GB, or set FLORIGEN_HOME to a folder on a larger disk.';
  return { name: 'Disk', state: 'missing', detail, remedy };
}

/** Looks at everything that florigen depends on; opens no LibTorch and changes nothing. */
export function examine(): Finding[] {
  const looks = [node, compiler, cmake, googleTest, python, libTorch, nativeLibrary, cpu, cuda, disk];
  return looks.map((look) => look());
}
