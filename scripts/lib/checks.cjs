'use strict';
const { existsSync, readFileSync, rmSync } = require('node:fs');
const { join, relative, sep } = require('node:path');
const { findClangFormat, nativeSources } = require('./clang-format.cjs');
const { withBuildLock } = require('./lock.cjs');
const { ensureLibTorch } = require('./libtorch.cjs');
const { buildNative, testProgram } = require('./native.cjs');
const { root, start } = require('./process.cjs');

/** What a step of `npm test` came to; `suites` has seconds per named suite. */
const single = (name, code, seconds) => ({
  passed: code === 0 ? 1 : 0,
  failed: code === 0 ? 0 : 1,
  skipped: 0,
  suites: { [name]: seconds },
});

const secondsSince = (began) => (Date.now() - began) / 1000;

async function command(name, program, parameters) {
  const began = Date.now();
  const code = await start(program, parameters);
  return single(name, code, secondsSince(began));
}

const nodeProgram = (...parts) => join(root, 'node_modules', ...parts);

const lint = () =>
  command('lint', process.execPath, [
    nodeProgram('@biomejs', 'biome', 'bin', 'biome'),
    'check',
    '--error-on-warnings',
    '.',
  ]);

const types = () =>
  command('types', process.execPath, [
    nodeProgram('typescript', 'bin', 'tsc'),
    '--noEmit',
    '-p',
    'tsconfig.test.json',
  ]);

async function format() {
  const sources = nativeSources();
  return command('format', await findClangFormat(), ['--dry-run', '-Werror', ...sources]);
}

/** Reads a results file that the tool wrote in this run; one that is absent means that the tool itself failed. */
function takeResults(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

async function native() {
  const began = Date.now();
  await withBuildLock(async () => buildNative(await ensureLibTorch(), { tests: true }));
  const buildSeconds = secondsSince(began);
  const path = join(root, 'build', 'native-tests', 'results.json');
  rmSync(path, { force: true });
  const code = await start(testProgram, ['--gtest_brief=1', `--gtest_output=json:${path}`]);
  const results = takeResults(path);
  const seconds = secondsSince(began) - buildSeconds;
  if (results === undefined) return { ...single('native', 1, seconds), failed: 1 };
  const failed = Math.max(results.failures + results.errors, code === 0 ? 0 : 1);
  const skipped = results.testsuites
    .flatMap(({ testsuite }) => testsuite)
    .filter(({ result }) => result === 'SKIPPED').length;
  const suites = { 'native build': buildSeconds, native: seconds };
  return { passed: results.tests - failed - skipped, failed, skipped, suites };
}

/** `test/unit/data/x.test.ts` counts for `unit`, `test/architecture.test.ts` for itself. */
function suiteOf(path) {
  const parts = relative(join(root, 'test'), path).split(sep);
  return parts[0].replace(/\.test\.ts$/, '');
}

async function js(paths = []) {
  const path = join(root, 'build', 'jest-results.json');
  rmSync(path, { force: true });
  const flags = ['--ci', '--json', `--outputFile=${path}`, ...paths];
  const code = await start(process.execPath, [nodeProgram('jest', 'bin', 'jest.js'), ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const results = takeResults(path);
  if (results === undefined) return { ...single('jest', 1, 0), failed: 1 };
  const suites = {};
  for (const { name, startTime, endTime } of results.testResults) {
    suites[suiteOf(name)] = (suites[suiteOf(name)] ?? 0) + (endTime - startTime) / 1000;
  }
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  return {
    passed: results.numPassedTests,
    failed: Math.max(failed, code === 0 ? 0 : 1),
    skipped: results.numPendingTests + results.numTodoTests,
    suites,
  };
}

module.exports = { lint, format, types, native, js };
