import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, findLibTorch, searchLibTorch } from '../../../ts/native/find-libtorch';
import { librariesFor } from '../../../ts/native/libtorch-folder';
import { pinnedVersion } from '../../../ts/native/libtorch-pin';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'florigen-find-'));
});
afterEach(() => rmSync(home, { recursive: true }));

interface Shape {
  version?: string;
  cuda?: boolean;
  headers?: boolean;
}

/** The files by which a LibTorch is known; the search opens none of them. */
function makeLibTorch(
  root: string,
  { version = pinnedVersion(), cuda = false, headers = true }: Shape = {},
): string {
  const names = ['libc10.so', 'libtorch_cpu.so', ...(cuda ? ['libc10_cuda.so', 'libtorch_cuda.so'] : [])];
  mkdirSync(join(root, 'lib'), { recursive: true });
  for (const name of names) writeFileSync(join(root, 'lib', name), '');
  writeFileSync(join(root, 'version.py'), `__version__ = '${version}'\n`);
  if (headers) {
    mkdirSync(join(root, 'include/torch/headeronly'), { recursive: true });
    writeFileSync(join(root, 'include/torch/headeronly/version.h'), '');
  }
  return root;
}

/** A Python on PATH, as a virtual environment has one; its torch must be found without running it. */
function makePython(prefix: string, shape?: Shape): string {
  mkdirSync(join(prefix, 'bin'), { recursive: true });
  writeFileSync(join(prefix, 'bin', 'python3'), '#!/bin/sh\nexit 1\n');
  chmodSync(join(prefix, 'bin', 'python3'), 0o755);
  makeLibTorch(join(prefix, 'lib/python3.12/site-packages/torch'), shape);
  return join(prefix, 'bin');
}

test('takes the places in their order: option, FLORIGEN_LIBTORCH, LIBTORCH, cache, Python on PATH', () => {
  const option = makeLibTorch(join(home, 'option'));
  const first = makeLibTorch(join(home, 'first'));
  const second = makeLibTorch(join(home, 'second'));
  const environment: Record<string, string> = {
    FLORIGEN_LIBTORCH: first,
    LIBTORCH: second,
    FLORIGEN_HOME: join(home, 'home'),
    PATH: makePython(join(home, 'venv')),
  };
  makeLibTorch(join(cacheFolder('cpu', environment), 'torch'));
  expect(findLibTorch({ libtorch: option, environment }).root).toBe(option);
  const roots: string[] = [];
  for (const name of ['FLORIGEN_LIBTORCH', 'LIBTORCH', 'FLORIGEN_HOME']) {
    roots.push(findLibTorch({ environment }).root);
    environment[name] = name === 'FLORIGEN_HOME' ? join(home, 'empty') : '';
  }
  roots.push(findLibTorch({ environment }).root);
  const cached = join(home, 'home', `libtorch-${pinnedVersion()}-cpu`, 'torch');
  expect(roots).toEqual([first, second, cached, join(home, 'venv/lib/python3.12/site-packages/torch')]);
});

test('passes over another version, with the reason, and takes a build with a suffix', () => {
  const environment = {
    FLORIGEN_LIBTORCH: makeLibTorch(join(home, 'other'), { version: '2.13.0' }),
    FLORIGEN_HOME: join(home, 'home'),
    PATH: makePython(join(home, 'venv'), { version: `${pinnedVersion()}+cu130` }),
  };
  const tried = searchLibTorch({ environment });
  expect(tried[0]).toMatchObject({
    source: 'FLORIGEN_LIBTORCH',
    reason: `it is 2.13.0, not ${pinnedVersion()}`,
  });
  expect(tried.at(-1)?.found?.version).toBe(`${pinnedVersion()}+cu130`);
});

test('for CUDA only candidates with CUDA count, for a build only those with headers', () => {
  const plain = makeLibTorch(join(home, 'plain'), { headers: false });
  const environment = {
    LIBTORCH: plain,
    FLORIGEN_HOME: home,
    PATH: makePython(join(home, 'venv'), { cuda: true }),
  };
  expect(findLibTorch({ environment }).root).toBe(plain);
  const found = findLibTorch({ environment, device: 'cuda' });
  expect(found.flavour).toBe('cuda');
  expect(librariesFor(found, 'cuda').map((path) => path.slice(found.root.length))).toEqual([
    '/lib/libc10.so',
    '/lib/libtorch_cpu.so',
    '/lib/libc10_cuda.so',
    '/lib/libtorch_cuda.so',
  ]);
  expect(findLibTorch({ environment, headers: true }).root).toBe(found.root);
});

test('a named folder that is wrong is refused and nothing else is taken', () => {
  const environment = { LIBTORCH: makeLibTorch(join(home, 'good')), FLORIGEN_HOME: home, PATH: '' };
  expect(() => findLibTorch({ libtorch: join(home, 'none'), environment })).toThrow(
    `${join(home, 'none')}: there is no such folder`,
  );
});

test('names every place that was looked at and three ways out', () => {
  mkdirSync(join(home, 'hollow/lib'), { recursive: true });
  const environment = { FLORIGEN_LIBTORCH: join(home, 'hollow'), FLORIGEN_HOME: home, PATH: '' };
  let refusal: { code?: string; message?: string; hint?: string } = {};
  try {
    findLibTorch({ environment, device: 'cuda' });
  } catch (error) {
    refusal = error as typeof refusal;
  }
  expect(refusal.code).toBe('LIBRARY');
  expect(refusal.message).toContain('with CUDA was not found');
  expect(refusal.message).toContain(
    `FLORIGEN_LIBTORCH: ${join(home, 'hollow')}: it has no lib/libtorch_cpu.so`,
  );
  expect(refusal.message).toContain(`florigen's cache: ${cacheFolder('cuda', environment)}`);
  expect(refusal.hint).toMatch(/libtorch install --cuda.*FLORIGEN_LIBTORCH.*Python/);
});
