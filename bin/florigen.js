#!/usr/bin/env node
'use strict';

// Written for any Node, so that an old one meets a sentence and not a syntax error.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 17)) {
  console.error(`florigen: Node must be 20.17 or newer, but is ${process.versions.node} instead (LIBRARY)`);
  process.exitCode = 1;
} else if (!existsSync(join(__dirname, '../lib/cli/main.js'))) {
  console.error('florigen: the compiled TypeScript (lib/) is missing (LIBRARY)');
  console.error('  Run `npm install` in the checkout; it sets everything up.');
  process.exitCode = 1;
} else {
  require('../lib/cli/main.js').main(process.argv.slice(2));
}
