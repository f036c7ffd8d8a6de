'use strict';
const { mkdirSync, openSync, closeSync, readFileSync, rmSync, writeSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { say } = require('./console.cjs');
const { root } = require('./process.cjs');

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function tryLock(path) {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** One set-up at a time in a checkout; a lock whose owner has died is taken over. */
async function withBuildLock(work) {
  const path = join(root, 'build', 'setup.lock');
  mkdirSync(join(root, 'build'), { recursive: true });
  for (let waits = 0; !tryLock(path); waits += 1) {
    const owner = Number(readFileSync(path, { encoding: 'utf8', flag: 'a+' }));
    if ((owner > 0 && !isAlive(owner)) || (owner === 0 && waits > 10)) rmSync(path, { force: true });
    else if (waits === 0) say(`Waiting for process ${owner}, which is building in this checkout`);
    await sleep(300);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

module.exports = { withBuildLock };
