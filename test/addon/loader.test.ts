import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../ts/native/libtorch-pin';

/** The real florigen.node, in processes of its own, with libraries that the tests compile in its way. */
const loader = join(packageRoot, 'build/Release/florigen.node');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'florigen loader '));
});
afterAll(() => rmSync(folder, { recursive: true }));

function compile(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(`${path}.c`, source);
  const result = spawnSync('c++', ['-x', 'c', '-shared', '-fPIC', '-o', path, `${path}.c`], {
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return path;
}

interface Outcome {
  status: number | null;
  code?: string;
  message?: string;
  value?: unknown;
}

/** Calls `load` with each of the options in turn, in one new process, and tells what the last call came to. */
function load(...calls: { libtorch: string[]; library: string; cudaLibrary: string }[]): Outcome {
  const program = `
    const loader = require(${JSON.stringify(loader)});
    let outcome;
    for (const options of ${JSON.stringify(calls)}) {
      try { outcome = { value: loader.load(options) === loader.load(options) }; }
      catch ({ code, message }) { outcome = { code, message }; }
    }
    console.log(JSON.stringify(outcome));`;
  const result = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  return { status: result.status, ...(result.status === 0 ? JSON.parse(result.stdout) : {}) };
}

const abiOf = (major: number, minor: number) =>
  `unsigned long long aoti_torch_abi_version(void) { return ${(BigInt(major) << 56n) | (BigInt(minor) << 48n)}ULL; }`;
const plain = () => compile('libc10.so', 'int c10_stand_in;');
const pinned = () => compile('libtorch_cpu.so', abiOf(2, 11));
const registers = 'void* florigen_register(void* env, void* exports) { return exports; }';

test('opens the libraries in their order, checks the version and registers once per environment', () => {
  const libtorch = [plain(), pinned()];
  expect(load({ libtorch, library: compile('libflorigen.so', registers), cudaLibrary: '' })).toEqual({
    status: 0,
    value: true,
  });
});

test('another LibTorch is a sentence with both versions', () => {
  const other = compile('libtorch_other.so', abiOf(2, 13));
  const outcome = load({
    libtorch: [plain(), other],
    library: compile('libflorigen.so', registers),
    cudaLibrary: '',
  });
  expect(outcome).toMatchObject({ status: 0, code: 'LIBRARY' });
  expect(outcome.message).toMatch(
    /must be 2\.11\.0, the version that florigen was built against, but .* is 2\.13\.0/,
  );
});

test('a library that is missing, has an unbound symbol or no entry is a sentence, never a dead process', () => {
  const libtorch = [plain(), pinned()];
  const missing = load({ libtorch, library: join(folder, 'nowhere.so'), cudaLibrary: '' });
  expect(missing).toMatchObject({
    status: 0,
    code: 'LIBRARY',
    message: expect.stringContaining('nowhere.so'),
  });

  const unbound = compile(
    'unbound.so',
    `int absent_function(void); ${registers} int f(void) { return absent_function(); }`,
  );
  const refused = load({ libtorch, library: unbound, cudaLibrary: '' });
  expect(refused).toMatchObject({
    status: 0,
    code: 'LIBRARY',
    message: expect.stringContaining('absent_function'),
  });

  const mute = load({ libtorch, library: compile('mute.so', 'int mute;'), cudaLibrary: '' });
  expect(mute).toMatchObject({
    status: 0,
    code: 'LIBRARY',
    message: expect.stringContaining('florigen_register'),
  });
});

test('a second LibTorch in one process is refused', () => {
  const library = compile('libflorigen.so', registers);
  const first = { libtorch: [plain(), pinned()], library, cudaLibrary: '' };
  const second = { ...first, libtorch: [plain(), compile('libtorch_cpu_again.so', abiOf(2, 11))] };
  expect(load(first, second)).toMatchObject({
    status: 0,
    code: 'LIBRARY',
    message: expect.stringContaining('once per process'),
  });
});

test('the CUDA library hands its functions over, and one of another build is refused', () => {
  const libtorch = [plain(), pinned()];
  const taker = compile(
    'libflorigen.so',
    `${registers} static const void* given; void florigen_use_cuda_table(const void* table) { given = table; }`,
  );
  const giver = compile('libflorigen_cuda.so', 'const void* florigen_cuda_table(void) { return "table"; }');
  expect(load({ libtorch, library: taker, cudaLibrary: giver })).toEqual({ status: 0, value: true });
  const stranger = compile('stranger.so', 'int nothing;');
  expect(load({ libtorch, library: taker, cudaLibrary: stranger })).toMatchObject({
    status: 0,
    code: 'LIBRARY',
  });
});

test('wrong options are refused as errors of JavaScript', () => {
  expect(load({ libtorch: [], library: '', cudaLibrary: '' })).toMatchObject({ status: 0, code: 'LIBRARY' });
  const nothing = {} as { libtorch: string[]; library: string; cudaLibrary: string };
  expect(load(nothing)).toMatchObject({ status: 0, message: expect.any(String) });
});
