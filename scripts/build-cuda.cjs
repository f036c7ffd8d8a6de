'use strict';
// `npm run build:cuda`: libflorigen_cuda.so, beside libflorigen.so. Needs a LibTorch with CUDA and nvcc 13, but
// neither a GPU nor a driver; what is missing is fetched into the cache.
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { main, say } = require('./lib/console.cjs');
const { ensureCudaCompiler } = require('./lib/cuda-compiler.cjs');
const { filesBelow, fingerprint, isCurrent, stamp } = require('./lib/fingerprint.cjs');
const { product } = require('./lib/libtorch.cjs');
const { withBuildLock } = require('./lib/lock.cjs');
const { root, run } = require('./lib/process.cjs');
const { compileTypeScript } = require('./lib/typescript.cjs');

const output = join(root, 'build', 'Release', 'libflorigen_cuda.so');

async function cudaLibTorch() {
  const last = product('find-libtorch').searchLibTorch({ device: 'cuda', headers: true }).at(-1);
  if (last && last.reason === undefined) return last.found;
  say('Fetching LibTorch with CUDA: about 2.5 GB');
  return product('install-libtorch').installLibTorch('cuda', { onLine: say });
}

/** Folders of the CUDA headers and libraries that came with torch (site-packages/nvidia/...). */
function nvidiaFolders(libtorch, kind) {
  const nvidia = join(dirname(libtorch.root), 'nvidia');
  return ['cu13', 'cudnn', 'nccl', 'cusparselt'].map((name) => join(nvidia, name, kind)).filter(existsSync);
}

function compileFlags(libtorch, include) {
  const folders = [
    join(libtorch.root, 'include'),
    join(libtorch.root, 'include', 'torch', 'csrc', 'api', 'include'),
    ...include,
    ...nvidiaFolders(libtorch, 'include'),
  ];
  return [
    ...['-shared', '-O2', '-std=c++20', '-arch=sm_90', '-Xcompiler', '-fPIC,-fvisibility=hidden,-Wall'],
    ...['-I', join(root, 'native')],
    ...folders.flatMap((folder) => ['-isystem', folder]),
  ];
}

/** No run path, as libflorigen: LibTorch's CUDA libraries are mapped before this one is opened. */
function linkFlags(libtorch) {
  const folders = [join(libtorch.root, 'lib'), ...nvidiaFolders(libtorch, 'lib')];
  return [
    ...['-cudart', 'none', '-Xlinker', '-z,now,--allow-shlib-undefined'],
    ...folders.flatMap((folder) => ['-L', folder]),
    ...['-ltorch_cuda', '-lc10_cuda', '-ltorch_cpu', '-lc10', '-l:libcudart.so.13'],
  ];
}

main(async () => {
  await withBuildLock(async () => {
    await compileTypeScript({ tolerant: true });
    const libtorch = await cudaLibTorch();
    const { nvcc, include } = await ensureCudaCompiler();
    const digest = fingerprint(
      ['native/cuda', 'native/core/cuda_table.h', 'scripts/build-cuda.cjs'],
      libtorch,
      nvcc,
    );
    if (isCurrent('cuda', digest) && existsSync(output)) return;
    say('Building libflorigen_cuda for sm_90');
    const sources = filesBelow(['native/cuda']).filter((path) => path.endsWith('.cu'));
    await run('Compiling libflorigen_cuda', nvcc, [
      ...compileFlags(libtorch, include),
      ...sources,
      ...['-o', output],
      ...linkFlags(libtorch),
    ]);
    stamp('cuda', digest);
    say(`Built ${output}`);
  });
});
