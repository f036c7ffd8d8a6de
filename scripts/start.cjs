'use strict';
// `npm start`: from a fresh clone to the demo. Plain Node, since nothing may be installed yet.
const { main } = require('./lib/console.cjs');
const { start } = require('./lib/process.cjs');
const { setUp } = require('./lib/setup.cjs');

main(async () => {
  await setUp();
  process.exitCode = await start(process.execPath, ['bin/florigen.js', 'demo', ...process.argv.slice(2)]);
});
