'use strict';
// What a report says of the machine and the code that it was made with.
const { spawnSync } = require('node:child_process');
const { cpus, release, totalmem, type } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..', '..');

function commit() {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : 'unknown';
}

/** One fact a line. */
exports.machineFacts = () => {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `machine: ${processors.length} x ${processors[0].model.trim()}, ${memory} GiB, ${type()} ${release()}`,
    `Node ${process.version}, LibTorch ${require(join(root, 'libtorch.json')).version}`,
    `commit ${commit()}, ${new Date().toISOString().slice(0, 10)}`,
  ];
};
