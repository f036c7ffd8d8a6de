'use strict';
const { existsSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { say, SetupError } = require('./console.cjs');
const { filesBelow, fingerprint, isCurrent, stamp } = require('./fingerprint.cjs');
const { root, start } = require('./process.cjs');

/** Compiled files whose source is gone would still be packed and required. */
function removeOrphans() {
  for (const path of filesBelow(['lib'])) {
    const source = path.replace(/^lib/, 'ts').replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');
    if (!existsSync(join(root, source))) rmSync(join(root, path));
  }
}

/**
 * Compiles ts/ into lib/ where a source has changed.
 * @param tolerant goes on after type errors: enough for what the native build needs of lib/
 */
async function compileTypeScript({ tolerant = false } = {}) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // The GPU bundle brings lib/ and no compiler.
  if (tolerant && !existsSync(compiler) && existsSync(join(root, 'lib'))) return;
  if (!existsSync(compiler))
    throw new SetupError('TypeScript must be installed, but is missing.', 'Run `npm ci`.');
  const digest = fingerprint(['ts', 'tsconfig.json', 'package-lock.json']);
  if (isCurrent('typescript', digest) && existsSync(join(root, 'lib'))) return;
  say('Compiling TypeScript');
  const code = await start(
    process.execPath,
    [compiler, '-p', 'tsconfig.json'],
    tolerant ? { stdio: 'ignore' } : {},
  );
  if (code !== 0 && !tolerant) throw new SetupError('TypeScript must compile, but does not (see above).');
  removeOrphans();
  if (code === 0) stamp('typescript', digest);
}

module.exports = { compileTypeScript };
