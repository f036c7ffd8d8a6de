'use strict';
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { say } = require('./console.cjs');
const { filesBelow, fingerprint, isCurrent, stamp } = require('./fingerprint.cjs');
const { capture, cores, root, run } = require('./process.cjs');

const testProgram = join(root, 'build', 'native-tests', 'florigen_tests');
const products = ['florigen.node', 'libflorigen.so'].map((name) => join(root, 'build', 'Release', name));

/** node_api.h and napi.h. */
function nodeIncludes() {
  const folders = [['node-api-headers', 'include'], ['node-addon-api']];
  return folders.map((parts) => join(root, 'node_modules', ...parts)).join(';');
}

function digestOf(libtorch, withTests) {
  const inputs = ['CMakeLists.txt', 'native', 'package-lock.json', ...(withTests ? ['test/native'] : [])];
  return fingerprint(inputs, libtorch, capture(process.env.CXX ?? 'c++', ['--version']), process.arch);
}

/** cmake-js for the product's own build; it knows Node's headers on every platform. */
async function buildWithCmakeJs(settings, target) {
  const cmakeJs = join(dirname(require.resolve('cmake-js/package.json')), 'bin', 'cmake-js');
  const common = ['--out', 'build/cmake', '--config', 'Release', '--log-level', 'warn'];
  await run('Configuring the native build', process.execPath, [
    cmakeJs,
    'configure',
    ...common,
    ...settings.map((setting) => `--CD${setting}`),
  ]);
  const goal = target === undefined ? [] : ['--target', target];
  await run('The native build', process.execPath, [
    cmakeJs,
    'build',
    ...common,
    '--parallel',
    String(cores),
    ...goal,
  ]);
}

/** CMake itself, one object per file: what changes while developing is compiled alone. */
async function buildForDevelopment(settings, target) {
  const generator = capture('ninja', ['--version']) ? ['-G', 'Ninja'] : [];
  const defines = [...settings, 'FLORIGEN_UNITY=OFF', `FLORIGEN_NODE_INCLUDE=${nodeIncludes()}`];
  const folder = join('build', 'dev');
  await run('Configuring the native build', 'cmake', [
    ...['-S', '.', '-B', folder, '--log-level=WARNING', ...generator],
    ...defines.map((setting) => `-D${setting}`),
  ]);
  const goal = target === undefined ? [] : ['--target', target];
  await run('The native build', 'cmake', ['--build', folder, '--parallel', String(cores), ...goal]);
}

/**
 * Builds the loader and libflorigen, or the GoogleTest executable, where a source has changed.
 * @param libtorch what `ensureLibTorch` found
 * @param options.tests builds the tests instead of the product
 * @param options.development compiles file by file
 */
async function buildNative(libtorch, { tests = false, development = false } = {}) {
  const name = tests ? 'native-tests' : 'native';
  const digest = digestOf(libtorch, tests);
  const outputs = tests ? [testProgram] : products;
  if (!development && isCurrent(name, digest) && outputs.every(existsSync)) return;
  if (tests && filesBelow(['test/native']).length === 0) return;
  const began = Date.now();
  say(
    tests ? 'Building the native tests' : `Building the native library against LibTorch ${libtorch.version}`,
  );
  const settings = [`FLORIGEN_LIBTORCH=${libtorch.root}`];
  if (process.env.FLORIGEN_GOOGLETEST)
    settings.push(`FLORIGEN_GOOGLETEST=${process.env.FLORIGEN_GOOGLETEST}`);
  const build = development ? buildForDevelopment : buildWithCmakeJs;
  await build(settings, tests ? 'florigen_tests' : undefined);
  stamp(name, digest);
  say(`Built in ${((Date.now() - began) / 1000).toFixed(0)} s`);
}

module.exports = { buildNative, testProgram };
