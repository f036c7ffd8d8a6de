'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { say } = require('./console.cjs');
const { root, run } = require('./process.cjs');

function installedVersion(name) {
  const path = join(root, 'node_modules', name, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : undefined;
}

/** Every dependency is pinned exactly, so the installed versions say whether anything is to be done. */
function areInstalled() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries({ ...dependencies, ...devDependencies }).every(
    ([name, version]) => installedVersion(name) === version,
  );
}

/** Installs the JavaScript dependencies of the lock file where one is missing or of another version. */
async function ensureDependencies() {
  if (areInstalled()) return;
  say('Installing JavaScript dependencies');
  // Without scripts: ours is the set-up that is running now, and none of the dependencies needs one. `npm ci` would
  // refuse a lock file that was written behind a mirror which lacks optional packages of other platforms;
  // `npm install` takes the locked versions all the same, and `--no-save` leaves both files alone. The log level is
  // given, because `npm test --silent` passes its own on and a failure would have no reason.
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('Installing the JavaScript dependencies', 'npm', ['install', ...options]);
}

module.exports = { ensureDependencies };
