'use strict';
// `npm run gpu:bundle`: one archive for a GPU host without a network and without Node.js. It holds a Node binary, the
// sources, the compiled TypeScript, GoogleTest and the modules that the tests need; its run.sh builds against the
// host's torch, runs every test with CUDA and a benchmark, and leaves report/.
const { chmodSync, cpSync, existsSync, mkdirSync, rmSync, statSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { main, say, SetupError } = require('./lib/console.cjs');
const { ensureDependencies } = require('./lib/dependencies.cjs');
const { moduleClosure } = require('./lib/module-closure.cjs');
const { capture, root, run } = require('./lib/process.cjs');
const { compileTypeScript } = require('./lib/typescript.cjs');

const stage = join(root, 'build', 'florigen-gpu');
const archive = join(root, 'build', 'florigen-gpu.tar.xz');
const limitBytes = 64 * 1024 * 1024;

/** What runs, and what runs the tests; TypeScript, Biome and the packaging tools stay at home. */
const modules = [
  ...['commander', 'dejavu-fonts-ttf', 'node-gyp-build', 'sharp', 'zod'],
  ...['jest', '@swc/core', '@swc/core-linux-x64-gnu', '@swc/jest', 'node-addon-api', 'node-api-headers'],
];

/** Files that neither a build nor a test opens: of the fonts all but those of labels (ts/data/text-label.ts). */
const dispensable = [
  /\.(map|md|markdown|d\.ts|d\.mts|d\.cts|flow)$/,
  /\/zod\/src\//,
  /\/DejaVu(?!SansCondensed(-Bold)?\.ttf|Serif\.ttf)[\w-]*\.ttf$/,
];

function copySources() {
  const listed = capture('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
  if (listed === undefined)
    throw new SetupError('The bundle must be made in a git checkout with git on PATH.');
  for (const path of listed.split('\n').filter((name) => existsSync(join(root, name)))) {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    cpSync(join(root, path), join(stage, path));
  }
  cpSync(join(root, 'lib'), join(stage, 'lib'), { recursive: true });
}

function copyModules() {
  const filter = (path) => !dispensable.some((one) => one.test(path));
  for (const path of moduleClosure(modules)) {
    cpSync(join(root, path), join(stage, path), { recursive: true, dereference: true, filter });
  }
}

function copyGoogleTest() {
  const source = process.env.FLORIGEN_GOOGLETEST ?? '/usr/src/googletest';
  if (!existsSync(join(source, 'CMakeLists.txt'))) {
    throw new SetupError(
      `The sources of GoogleTest must be in ${source}, but are missing.`,
      'On Debian and Ubuntu: apt-get install googletest; elsewhere set FLORIGEN_GOOGLETEST to their folder.',
    );
  }
  cpSync(source, join(stage, 'googletest'), { recursive: true, dereference: true });
}

/** Stripped, Node is a fifth smaller; its symbols serve debuggers only. */
async function copyNode() {
  const target = join(stage, 'node', 'bin', 'node');
  mkdirSync(dirname(target), { recursive: true });
  cpSync(process.execPath, target, { dereference: true });
  chmodSync(target, 0o755);
  if (capture('strip', ['--version'])) await run('Stripping Node', 'strip', [target]);
}

main(async () => {
  await ensureDependencies();
  await compileTypeScript();
  rmSync(stage, { recursive: true, force: true });
  say('Collecting the bundle');
  copySources();
  copyModules();
  copyGoogleTest();
  await copyNode();
  cpSync(join(root, 'scripts', 'gpu', 'run.sh'), join(stage, 'run.sh'));
  chmodSync(join(stage, 'run.sh'), 0o755);
  say('Compressing it');
  await run('Compressing the bundle', 'tar', ['-C', dirname(stage), '-cJf', archive, 'florigen-gpu'], {
    env: { ...process.env, XZ_OPT: '-T0 -4' },
  });
  rmSync(stage, { recursive: true });
  const { size } = statSync(archive);
  say(`${archive}: ${(size / 1024 / 1024).toFixed(1)} MiB`);
  if (size > limitBytes) throw new SetupError('The bundle must be at most 64 MiB.');
  say('On the GPU host: tar xf florigen-gpu.tar.xz && florigen-gpu/run.sh');
});
