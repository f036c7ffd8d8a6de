'use strict';
/** Builds the GoogleTest program of the copy, and runs tests of it by name. */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { ensureLibTorch } = require('../../scripts/lib/libtorch.cjs');
const { root, tree } = require('./tree.cjs');

const output = path.join(tree, 'build', 'native');
const program = path.join(output, 'native-tests', 'florigen_tests');
const objects = path.join(tree, 'build', 'objects');

function call(command, parameters) {
  return spawnSync(command, parameters, { encoding: 'utf8', maxBuffer: 1 << 28 });
}

function require0({ status, stdout, stderr }, what) {
  if (status !== 0) throw new Error(`${what} failed:\n${`${stdout}${stderr}`.slice(-2000)}`);
}

async function configure() {
  const libtorch = await ensureLibTorch();
  const ninja = call('ninja', ['--version']).status === 0 ? ['-G', 'Ninja'] : [];
  const settings = [
    `FLORIGEN_LIBTORCH=${libtorch.root}`,
    `FLORIGEN_OUTPUT=${output}`,
    'FLORIGEN_UNITY=OFF',
    `FLORIGEN_NODE_INCLUDE=${path.join(root, 'node_modules', 'node-addon-api')}`,
    ...(process.env.FLORIGEN_GOOGLETEST ? [`FLORIGEN_GOOGLETEST=${process.env.FLORIGEN_GOOGLETEST}`] : []),
  ];
  const flags = settings.map((setting) => `-D${setting}`);
  require0(call('cmake', ['-S', tree, '-B', objects, ...ninja, ...flags]), 'Configuring the copy');
}

function build() {
  const parameters = ['--build', objects, '--parallel', '2', '--target', 'florigen_tests'];
  require0(call('cmake', parameters), 'Building the copy');
}

/** name -> passed, of every test that the filter took. A crash leaves none. */
function run(names) {
  const report = path.join(output, 'results.json');
  fs.rmSync(report, { force: true });
  call(program, [`--gtest_filter=${names.join(':')}`, `--gtest_output=json:${report}`]);
  if (!fs.existsSync(report)) return new Map();
  const suites = JSON.parse(fs.readFileSync(report, 'utf8')).testsuites;
  const tests = suites.flatMap(({ name, testsuite }) =>
    testsuite.map((test) => [`${name}.${test.name}`, test]),
  );
  return new Map(tests.map(([name, test]) => [name, test.failures === undefined]));
}

module.exports = { configure, build, run };
