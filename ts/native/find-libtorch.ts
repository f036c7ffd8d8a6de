import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { LibraryError } from '../errors';
import { baseVersion, inspectFolder, type LibTorchFolder } from './libtorch-folder';
import { type LibTorchFlavour, pinnedVersion } from './libtorch-pin';
import { type Environment, homeFolder, platformKey } from './platform';

export interface FindOptions {
  /** A folder that the user named; nothing else is looked at then. */
  libtorch?: string | undefined;
  /** `cuda` accepts only a LibTorch with CUDA; `cpu` accepts either. */
  device?: LibTorchFlavour;
  /** True for a build, which needs the headers. */
  headers?: boolean;
  environment?: Environment;
}

/** One place that was looked at, in the order of the search. */
export interface Candidate {
  /** Where the path comes from, such as `FLORIGEN_LIBTORCH`. */
  source: string;
  path: string;
  found?: LibTorchFolder;
  /** Why it does not count; absent for the one that was taken. */
  reason?: string;
}

/** The folder that `florigen libtorch install` fills. */
export function cacheFolder(flavour: LibTorchFlavour, environment: Environment = process.env): string {
  return join(homeFolder(environment), `libtorch-${pinnedVersion()}-${flavour}`);
}

/** Every place in the order of the search, lazily: asking Python for its folders costs a process. */
function* places(
  options: FindOptions,
  environment: Environment,
): Generator<{ source: string; path: string }> {
  if (options.libtorch) {
    yield { source: 'the option `libtorch`', path: options.libtorch };
    return;
  }
  for (const name of ['FLORIGEN_LIBTORCH', 'LIBTORCH']) {
    const path = environment[name];
    if (path) yield { source: name, path };
  }
  const flavours: LibTorchFlavour[] = options.device === 'cuda' ? ['cuda'] : ['cpu', 'cuda'];
  for (const flavour of flavours)
    yield { source: "florigen's cache", path: cacheFolder(flavour, environment) };
  yield* pythonPlaces(environment);
  const platformPackage = `@florigen/libtorch-${options.device ?? 'cpu'}-${platformKey()}`;
  try {
    const manifest = require.resolve(`${platformPackage}/package.json`);
    yield { source: `the package ${platformPackage}`, path: dirname(manifest) };
  } catch {
    // not installed, as on most machines
  }
}

/** `torch` folders of the Pythons on PATH, known by their place; torch is never imported. */
function* pythonPlaces(environment: Environment): Generator<{ source: string; path: string }> {
  const seen = new Set<string>();
  for (const folder of (environment.PATH ?? '').split(delimiter).filter(Boolean)) {
    if (!existsSync(join(folder, 'python3')) && !existsSync(join(folder, 'python'))) continue;
    for (const site of siteFolders(dirname(folder))) {
      const path = join(site, 'torch');
      if (existsSync(path) && !seen.has(path)) {
        seen.add(path);
        yield { source: 'a Python on PATH', path };
      }
    }
  }
  for (const site of pythonSearchPath(environment)) {
    const path = join(site, 'torch');
    if (existsSync(path) && !seen.has(path)) yield { source: 'the search path of python3', path };
  }
}

/** `lib/python3.x/site-packages` and its like below a prefix. */
function siteFolders(prefix: string): string[] {
  const library = join(prefix, 'lib');
  if (!existsSync(library)) return [];
  const versions = readdirSync(library).filter((name) => /^python3(\.\d+)?$/.test(name));
  return versions.flatMap((name) =>
    ['site-packages', 'dist-packages'].map((site) => join(library, name, site)),
  );
}

/** sys.path, which knows of pyenv, user folders and .pth files. */
function pythonSearchPath(environment: Environment): string[] {
  const result = spawnSync('python3', ['-c', 'import sys; print("\\n".join(sys.path))'], {
    encoding: 'utf8',
    env: environment as NodeJS.ProcessEnv,
    timeout: 10_000,
  });
  return result.status === 0 ? result.stdout.split('\n').filter(Boolean) : [];
}

function judge(place: { source: string; path: string }, options: FindOptions): Candidate {
  const found = inspectFolder(place.path);
  if ('reason' in found) return { ...place, reason: found.reason };
  if (baseVersion(found.version) !== pinnedVersion()) {
    return { ...place, found, reason: `it is ${found.version}, not ${pinnedVersion()}` };
  }
  if (options.device === 'cuda' && found.flavour !== 'cuda') {
    return { ...place, found, reason: 'it has no CUDA libraries' };
  }
  if (options.headers && !found.hasHeaders) return { ...place, found, reason: 'it has no headers' };
  return { ...place, found };
}

/** Looks in the order of the design (section 9) and stops at the first that fits, which is then the last one listed. */
export function searchLibTorch(options: FindOptions = {}): Candidate[] {
  const tried: Candidate[] = [];
  for (const place of places(options, options.environment ?? process.env)) {
    const candidate = judge(place, options);
    tried.push(candidate);
    if (candidate.reason === undefined) break;
  }
  return tried;
}

/**
 * The LibTorch to use, with where it was found.
 * @throws {LibraryError} listing every place that was looked at and the ways out.
 */
export function findLibTorch(options: FindOptions = {}): LibTorchFolder & { source: string } {
  const tried = searchLibTorch(options);
  const last = tried.at(-1);
  if (last?.found !== undefined && last.reason === undefined) return { ...last.found, source: last.source };
  const flavour = options.device === 'cuda' ? 'cuda' : 'cpu';
  const withCuda = flavour === 'cuda' ? ' with CUDA' : '';
  const list = tried.map(({ source, path, reason }) => `\n  ${source}: ${path}: ${reason}`).join('');
  throw new LibraryError(
    `LibTorch ${pinnedVersion()}${withCuda} was not found${list && `; looked at:${list}`}`,
    {
      hint:
        `Run \`npx florigen libtorch install --${flavour}\`, or set FLORIGEN_LIBTORCH to a folder of LibTorch ` +
        `${pinnedVersion()}, or put a Python with torch ${pinnedVersion()} on PATH.`,
    },
  );
}
