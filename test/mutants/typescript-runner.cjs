'use strict';
/** Runs tests of one jest file of the copy, by the beginning of their titles. */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { root, tree } = require('./tree.cjs');

const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');

/** Full title -> passed, of the tests that match. A file that does not even load has none. */
function run(file, title) {
  const report = path.join(tree, 'build', 'jest-results.json');
  fs.rmSync(report, { force: true });
  const pattern = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // The cache lies in the copy: two checkouts must not share transforms of files that differ by a fault.
  const flags = [
    '--ci',
    '--json',
    `--outputFile=${report}`,
    `--cacheDirectory=${path.join(tree, 'build', 'jest')}`,
  ];
  spawnSync(process.execPath, [jest, '--rootDir', tree, ...flags, '-t', pattern, path.join(tree, file)], {
    cwd: tree,
    stdio: 'ignore',
  });
  if (!fs.existsSync(report)) return new Map();
  const tests = JSON.parse(fs.readFileSync(report, 'utf8')).testResults.flatMap(
    ({ assertionResults }) => assertionResults,
  );
  const ran = tests.filter(({ status }) => status === 'passed' || status === 'failed');
  return new Map(ran.map(({ fullName, status }) => [fullName, status === 'passed']));
}

module.exports = { run };
