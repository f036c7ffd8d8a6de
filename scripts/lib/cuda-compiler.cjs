'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { say } = require('./console.cjs');
const { product } = require('./libtorch.cjs');
const { capture } = require('./process.cjs');

/** NVIDIA's own toolkit of the same major version, where the machine has one. */
function installedCompiler() {
  const candidates = [process.env.FLORIGEN_NVCC, 'nvcc', '/usr/local/cuda/bin/nvcc'].filter(Boolean);
  return candidates.find((program) => /release 13\./.test(capture(program, ['--version']) ?? ''));
}

/**
 * nvcc 13: installed, or the pinned wheels, unpacked into the cache. It compiles without a GPU or a driver.
 * @returns {Promise<{ nvcc: string, include: string[] }>} the compiler and what its headers add
 */
async function ensureCudaCompiler(from) {
  const installed = installedCompiler();
  if (installed) return { nvcc: installed, include: [] };
  const { pinnedSet } = product('libtorch-pin');
  const { homeFolder } = product('platform');
  const set = pinnedSet('cudaCompiler');
  const folder = join(homeFolder(), `nvcc-${set.wheels[0].version}`);
  const nvcc = join(folder, 'nvidia', 'cu13', 'bin', 'nvcc');
  if (!existsSync(nvcc)) {
    const check = (path) => {
      if (!capture(join(path, 'nvidia', 'cu13', 'bin', 'nvcc'), ['--version']))
        throw new Error('nvcc does not run here');
    };
    await product('install-wheels').installWheels(set, folder, { onLine: say, from }, check);
  }
  return { nvcc, include: [join(folder, 'nvidia', 'cu13', 'include')] };
}

module.exports = { ensureCudaCompiler };
