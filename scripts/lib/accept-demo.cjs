'use strict';
const { existsSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { say } = require('./console.cjs');
const { fingerprint, isCurrent, stamp } = require('./fingerprint.cjs');
const { root, run } = require('./process.cjs');

/** Acceptance's own: the report names the commit at hand, and nobody knows of which code the demo of `npm start` is. */
const DEMO = join('runs', 'accept-demo');
/** All that the pictures of a demo follow from, but the machine. */
const SOURCES = ['native', 'ts', 'models', 'libtorch.json', 'package-lock.json'];

/** Trains the demo that is measured with the code at hand; one that this code began goes on, or is taken where whole. */
async function trainDemo() {
  const digest = fingerprint(SOURCES);
  const known = isCurrent('accept-demo', digest);
  if (existsSync(join(root, DEMO))) {
    if (known) say(`${DEMO} is of this code: it is taken, or continued`);
    else say(`${DEMO} is of other code: it is thrown away, and the demo trained anew`);
  }
  if (!known) rmSync(join(root, DEMO), { recursive: true, force: true });
  stamp('accept-demo', digest);
  await run('The demo', process.execPath, ['bin/florigen.js', 'demo', '--out', DEMO]);
}

module.exports = { DEMO, trainDemo };
