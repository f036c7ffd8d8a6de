'use strict';
const { spawn, spawnSync } = require('node:child_process');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { SetupError } = require('./console.cjs');

const root = join(__dirname, '..', '..');

/** Runs a command with our terminal and resolves with its exit code; a signal that ends us ends it first. */
function start(command, parameters, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { cwd: root, stdio: 'inherit', ...options });
    // Ctrl-C reaches the child by itself, since it is in our process group: wait for how it ends.
    const wait = () => {};
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', wait).on('SIGTERM', pass);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait).off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

/** As `start`, but any code other than 0 is an error that names what was tried. */
async function run(purpose, command, parameters, options) {
  const code = await start(command, parameters, options);
  if (code !== 0) {
    throw new SetupError(`${purpose} failed: \`${command} ${parameters.join(' ')}\` ended with ${code}`);
  }
}

/** What a command prints, or undefined where it is missing or fails. */
function capture(command, parameters) {
  const result = spawnSync(command, parameters, { cwd: root, encoding: 'utf8', timeout: 60_000 });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

module.exports = { root, start, run, capture, cores: availableParallelism() };
