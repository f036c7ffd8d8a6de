import { spawn, spawnSync } from 'node:child_process';
import { LibraryError } from '../errors';
import type { PinnedSet, PinnedWheel } from './libtorch-pin';

const remedy =
  'Install Python 3 with pip (on Debian and Ubuntu: apt-get install python3 python3-pip), or pass the files yourself: ' +
  '`florigen libtorch install --from FOLDER`.';

/** The command of a Python 3 that has pip. LibTorch is fetched through pip, so that the user's own index, mirror, proxy and passwords apply. */
export function findPip(): { python: string; version: string } {
  for (const python of ['python3', 'python']) {
    const result = spawnSync(python, ['-m', 'pip', '--version'], { encoding: 'utf8', timeout: 60_000 });
    const version = /^pip (\S+)/.exec(result.stdout ?? '')?.[1];
    if (result.status === 0 && version !== undefined) return { python, version };
  }
  throw new LibraryError('Python 3 with pip must be on PATH to fetch LibTorch, but is missing', {
    hint: remedy,
  });
}

/** Where wheels come from: pip's own settings, a folder or page of links, or one address. */
export type WheelSource =
  | { kind: 'index' }
  | { kind: 'links'; location: string }
  | { kind: 'address'; url: string };

/** pip's arguments for exactly one pinned file, whatever Python the user has. */
export function pipArguments(
  set: PinnedSet,
  wheel: PinnedWheel,
  source: WheelSource,
  folder: string,
): string[] {
  const common = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--disable-pip-version-check',
    '--no-input',
    '--dest',
    folder,
  ];
  if (source.kind === 'address') return [...common, source.url];
  const links = source.kind === 'links' ? ['--no-index', '--find-links', source.location] : [];
  return [
    ...common,
    ...links,
    '--only-binary=:all:',
    ...['--python-version', set.pythonVersion, '--implementation', 'cp', '--abi', set.abi],
    ...['--platform', wheel.platform],
    `${wheel.name}==${wheel.version}`,
  ];
}

export interface DownloadOptions {
  source: WheelSource;
  /** Where the file arrives, and where pip keeps what is not whole yet. */
  folder: string;
  /** pip's lines ("Downloading torch-2.11.0... (530.6 MB)"), where stderr is no terminal that shows its bar. */
  onLine?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Downloads one wheel.
 * @throws {LibraryError} with pip's last words.
 */
export function downloadWheel(set: PinnedSet, wheel: PinnedWheel, options: DownloadOptions): Promise<void> {
  const { python } = findPip();
  const { promise, resolve, reject } = deferred();
  const child = spawn(python, pipArguments(set, wheel, options.source, options.folder), {
    stdio: ['ignore', process.stderr.isTTY ? process.stderr : 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: options.folder },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4000);
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = chunk
      .toString()
      .split('\n')
      .map((line) => line.trim());
    for (const line of lines) if (line.startsWith('Downloading')) options.onLine?.(line);
  });
  child.on('error', reject);
  child.on('close', (code) => (code === 0 ? resolve() : reject(refusal(wheel, words, code))));
  return promise;
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

function refusal(wheel: PinnedWheel, words: string, code: number | null): LibraryError {
  const reason = words.trim().split('\n').slice(-3).join(' ') || `it ended with ${code}`;
  return new LibraryError(`pip could not fetch ${wheel.name} ${wheel.version}: ${reason}`, {
    hint:
      'Check the network and the settings of pip (`python3 -m pip config list`), then run the same command again: ' +
      'whole files are kept.',
  });
}
