'use strict';
const { existsSync } = require('node:fs');
const { SetupError } = require('./console.cjs');
const { capture } = require('./process.cjs');

/** Each tool that set-up needs: how to see it, why it is needed, and how to get it. */
const tools = {
  compiler: {
    find: () =>
      [process.env.CXX, 'c++', 'g++', 'clang++'].find((name) => name && capture(name, ['--version'])),
    sentence: 'a C++20 compiler (g++ 11 or newer), which compiles the native library',
    remedy: 'apt-get install g++',
  },
  cmake: {
    find: () => {
      const [major, minor] = (/(\d+)\.(\d+)/.exec(capture('cmake', ['--version']) ?? '') ?? [])
        .slice(1)
        .map(Number);
      return major > 3 || (major === 3 && minor >= 22);
    },
    sentence: 'CMake 3.22 or newer, which runs the native build',
    remedy: 'apt-get install cmake',
  },
  make: {
    find: () => capture('ninja', ['--version']) ?? capture('make', ['--version']),
    sentence: 'make or ninja, which CMake drives',
    remedy: 'apt-get install make',
  },
  googletest: {
    find: () =>
      ['/usr/include/gtest/gtest.h', '/usr/local/include/gtest/gtest.h'].some(existsSync) ||
      process.env.CMAKE_PREFIX_PATH ||
      process.env.FLORIGEN_GOOGLETEST,
    sentence: 'GoogleTest, which the native tests are written for',
    remedy: 'apt-get install libgtest-dev',
  },
  pip: {
    find: () =>
      capture('python3', ['-m', 'pip', '--version']) ?? capture('python', ['-m', 'pip', '--version']),
    sentence: 'Python 3 with pip, which fetches LibTorch and clang-format from your package index',
    remedy: 'apt-get install python3 python3-pip',
  },
};

/** Names every missing tool at once, with why it is needed and how to get it. */
function requireTools(names) {
  const missing = names.filter((name) => !tools[name].find()).map((name) => tools[name]);
  if (missing.length === 0) return;
  throw new SetupError(
    `Set-up needs ${missing.map(({ sentence }) => sentence).join('; and ')}.`,
    `On Debian and Ubuntu: ${missing.map(({ remedy }) => remedy).join(' && ')}`,
  );
}

/** Node's own version, checked before anything that needs it. */
function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 17)) return;
  throw new SetupError(`Node.js must be 20.17 or newer, but is ${process.versions.node} instead.`);
}

module.exports = { requireTools, requireNode };
