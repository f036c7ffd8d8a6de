'use strict';
// `npm install` in a checkout: the set-up. npm has installed the JavaScript dependencies before it comes here.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { main } = require('./lib/console.cjs');
const { root } = require('./lib/process.cjs');
const { setUp } = require('./lib/setup.cjs');

const reason = !existsSync(join(root, '.git'))
  ? 'this is not a git checkout'
  : process.env.FLORIGEN_SKIP_SETUP
    ? 'FLORIGEN_SKIP_SETUP is set'
    : undefined;

if (reason !== undefined)
  process.stderr.write(`florigen: set-up skipped, since ${reason}; \`npm start\` runs it.\n`);
else main(() => setUp({ dependencies: false }));
