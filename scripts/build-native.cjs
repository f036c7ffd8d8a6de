'use strict';
// `npm run build:native [-- --dev] [-- --tests]`: the native library, or with --tests also its GoogleTest program.
const { main, SetupError } = require('./lib/console.cjs');
const { ensureLibTorch } = require('./lib/libtorch.cjs');
const { withBuildLock } = require('./lib/lock.cjs');
const { buildNative } = require('./lib/native.cjs');
const { compileTypeScript } = require('./lib/typescript.cjs');

const known = ['--dev', '--tests'];

main(async () => {
  const flags = process.argv.slice(2).filter((flag) => flag.startsWith('--'));
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown)
    throw new SetupError(`The flag must be one of ${known.join(', ')}, but is ${unknown} instead.`);
  const development = flags.includes('--dev');
  await withBuildLock(async () => {
    await compileTypeScript({ tolerant: true });
    const libtorch = await ensureLibTorch();
    await buildNative(libtorch, { development });
    if (flags.includes('--tests')) await buildNative(libtorch, { development, tests: true });
  });
});
