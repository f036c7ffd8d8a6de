'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { say } = require('./console.cjs');
const { filesBelow } = require('./fingerprint.cjs');
const { product } = require('./libtorch.cjs');
const { capture, root } = require('./process.cjs');

const pin = JSON.parse(readFileSync(join(root, 'scripts', 'clang-format.json'), 'utf8'));
const [wheel] = pin.wheels;

/** C++ and CUDA sources of ours. */
function nativeSources() {
  return filesBelow(['native', 'test/native']).filter((path) => /\.(cc|h|cu|cuh)$/.test(path));
}

/** Layout changes between major versions, so only the pinned one may judge. */
function isPinnedMajor(program) {
  const major = (version) => /(\d+)\./.exec(version ?? '')?.[1];
  return major(capture(program, ['--version'])) === major(wheel.version);
}

/** The clang-format of PATH where it is of the pinned major version, else the pinned wheel's, kept in the cache. */
async function findClangFormat() {
  if (isPinnedMajor('clang-format')) return 'clang-format';
  const { homeFolder } = product('platform');
  const folder = join(homeFolder(), `clang-format-${wheel.version}`);
  const program = join(folder, ...wheel.members[0].split('/'));
  if (!existsSync(program)) {
    const check = (path) => capture(join(path, ...wheel.members[0].split('/')), ['--version']);
    await product('install-wheels').installWheels(pin, folder, { onLine: say }, (path) => {
      if (check(path) === undefined) throw new Error(`clang-format ${wheel.version} does not run here`);
    });
  }
  return program;
}

module.exports = { findClangFormat, nativeSources };
