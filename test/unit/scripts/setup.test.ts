import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../ts/native/libtorch-pin';

/** A checkout of scripts alone: they find their root by their own place, so a copy never touches the real one. */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'florigen-scripts-'));
  cpSync(join(packageRoot, 'scripts'), join(root, 'scripts'), { recursive: true });
  cpSync(join(packageRoot, 'package.json'), join(root, 'package.json'));
});
afterEach(() => rmSync(root, { recursive: true }));

function evaluate(program: string, env: Record<string, string> = {}) {
  const source = `const lib = (name) => require(${JSON.stringify(join(root, 'scripts/lib'))} + '/' + name + '.cjs');
    ${program}`;
  const environment = { PATH: process.env.PATH ?? '', ...env };
  return spawnSync(process.execPath, ['-e', source], { encoding: 'utf8', cwd: root, env: environment });
}

test('every missing tool is named at once, with why and how to get it', () => {
  const program = `try { lib('tools').requireTools(['compiler', 'cmake', 'make', 'pip']); }
    catch (error) { lib('console').report(error); }`;
  const { stderr } = evaluate(program, { PATH: join(root, 'empty') });
  for (const word of ['C++20 compiler', 'CMake 3.22', 'make or ninja', 'Python 3 with pip']) {
    expect(stderr).toContain(word);
  }
  for (const word of ['apt-get install g++', 'cmake', 'python3-pip']) expect(stderr).toContain(word);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a fingerprint changes with a name, a byte or a fact, and with nothing else', () => {
  mkdirSync(join(root, 'native/core'), { recursive: true });
  const digest = (fact = 'a') =>
    evaluate(
      `console.log(lib('fingerprint').fingerprint(['native'], ${JSON.stringify(fact)}))`,
    ).stdout.trim();
  writeFileSync(join(root, 'native/core/a.cc'), 'int a;');
  const first = digest();
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  writeFileSync(join(root, 'native/core/a.cc'), 'int a;');
  writeFileSync(join(root, 'elsewhere.cc'), '');
  expect(digest()).toBe(first);
  expect(digest('b')).not.toBe(first);
  writeFileSync(join(root, 'native/core/a.cc'), 'int b;');
  const changed = digest();
  expect(changed).not.toBe(first);
  cpSync(join(root, 'native/core/a.cc'), join(root, 'native/core/b.cc'));
  expect(digest()).not.toBe(changed);
});

test('a result counts as current only for the inputs that it was made from', () => {
  const { stdout } = evaluate(`const { isCurrent, stamp } = lib('fingerprint');
    const before = isCurrent('native', 'x'); stamp('native', 'x');
    console.log(before, isCurrent('native', 'x'), isCurrent('native', 'y'), isCurrent('tests', 'x'));`);
  expect(stdout.trim()).toBe('false true false false');
});

test('the lock of a dead set-up is taken over, that of a living one is waited for', async () => {
  const lock = join(root, 'build/setup.lock');
  mkdirSync(join(root, 'build'));
  writeFileSync(lock, '999999999');
  const take = `lib('lock').withBuildLock(async () => console.log('taken'))`;
  expect(evaluate(take).stdout.trim()).toBe('taken');
  expect(existsSync(lock)).toBe(false);

  const owner = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  writeFileSync(lock, String(owner.pid));
  const ended = new Promise((resolve) => owner.once('exit', resolve));
  const source = `require(${JSON.stringify(join(root, 'scripts/lib/lock.cjs'))}).withBuildLock(async () => {})`;
  const child = spawn(process.execPath, ['-e', source]);
  const words = await new Promise<string>((resolve) =>
    child.stderr.once('data', (chunk) => resolve(String(chunk))),
  );
  expect(words).toContain(`Waiting for process ${owner.pid}`);
  const done = new Promise((resolve) => child.once('close', resolve));
  owner.kill();
  expect(await done).toBe(0);
  await ended;
});

test('npm install outside a checkout skips the set-up in a sentence', () => {
  const script = join(root, 'scripts/prepare.cjs');
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', cwd: root });
  expect(status).toBe(0);
  expect(stderr).toMatch(/set-up skipped, since this is not a git checkout/);
});

test('npm test ends with the line that CI reads, also where the set-up fails', () => {
  const script = join(root, 'scripts/test.cjs');
  const env = { PATH: join(root, 'empty') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    cwd: root,
    env,
  });
  expect(status).toBe(1);
  expect(stdout.trim().split('\n').at(-1)).toBe('0 passed, 1 failed');
  expect(stderr).toContain('C++20 compiler');
});

test('an unknown step or flag is refused by name', () => {
  const run = (script: string, flag: string) =>
    spawnSync(process.execPath, [join(root, 'scripts', script), flag], { encoding: 'utf8', cwd: root });
  expect(run('test.cjs', 'everything')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('everything'),
  });
  expect(run('build-native.cjs', '--fast')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('--fast'),
  });
});

test('the budget covers the suites and sums to at most 15 minutes', () => {
  const { seconds } = JSON.parse(readFileSync(join(packageRoot, 'test/budget.json'), 'utf8')) as {
    seconds: Record<string, number>;
  };
  expect(Object.values(seconds).reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(900);
});
