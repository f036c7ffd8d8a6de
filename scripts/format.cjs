'use strict';
// `npm run format`: lays out TypeScript and C++ as `npm test` wants them.
const { join } = require('node:path');
const { findClangFormat, nativeSources } = require('./lib/clang-format.cjs');
const { main } = require('./lib/console.cjs');
const { root, run } = require('./lib/process.cjs');

main(async () => {
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  await run('Formatting TypeScript', process.execPath, [biome, 'format', '--write', '.']);
  await run('Formatting C++', await findClangFormat(), ['-i', ...nativeSources()]);
});
