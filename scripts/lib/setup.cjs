'use strict';
const { ensureDependencies } = require('./dependencies.cjs');
const { ensureLibTorch } = require('./libtorch.cjs');
const { withBuildLock } = require('./lock.cjs');
const { buildNative } = require('./native.cjs');
const { requireNode, requireTools } = require('./tools.cjs');
const { compileTypeScript } = require('./typescript.cjs');

/**
 * Everything between a clone and a product that runs. Each part looks first whether there is anything to do, and
 * leaves whole what it finished, so that an interrupted set-up goes on where it was.
 * @param options.dependencies also installs the JavaScript dependencies (`npm install` has done so itself)
 * @param options.tests also needs what only the tests need
 */
async function setUp({ dependencies = true, tests = false } = {}) {
  requireNode();
  requireTools(['compiler', 'cmake', 'make', ...(tests ? ['googletest'] : [])]);
  return withBuildLock(async () => {
    if (dependencies) await ensureDependencies();
    await compileTypeScript();
    const libtorch = await ensureLibTorch();
    await buildNative(libtorch);
    return libtorch;
  });
}

module.exports = { setUp };
