import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../ts/native/libtorch-pin';

interface Manifest {
  scripts: Record<string, string>;
  gypfile: boolean;
  dependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as Manifest;

let folder: string;
let files: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'florigen-pack-'));
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  const [report] = JSON.parse(packed.stdout) as { filename: string; files: { path: string }[] }[];
  files = report!.files.map(({ path }) => path);
  mkdirSync(join(folder, 'project/node_modules/florigen'), { recursive: true });
  const archive = join(folder, report!.filename);
  const target = join(folder, 'project/node_modules/florigen');
  spawnSync('tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
  symlinkSync(join(packageRoot, 'node_modules'), join(target, 'node_modules'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('the package holds what runs and nothing that would compile', () => {
  const tops = new Set(files.map((path) => path.split('/')[0]));
  const allowed = [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin',
    'docs',
    'lib',
    'libtorch.json',
    'package.json',
    'prebuilds',
    'models',
  ];
  expect([...tops].filter((name) => !allowed.includes(name!))).toEqual([]);
  for (const needed of [
    'libtorch.json',
    'models/flowers-encoder.safetensors',
    'models/flowers.safetensors',
    'bin/florigen.js',
    'lib/index.js',
    'lib/index.d.ts',
    'lib/cli/main.js',
  ]) {
    expect(files).toContain(needed);
  }
  // With a binding.gyp in it, package managers would run node-gyp at every installation.
  expect(
    files.filter((path) => path.endsWith('.gyp') || path.endsWith('.ts') !== path.endsWith('.d.ts')),
  ).toEqual([]);
});

test('a user needs no install script', () => {
  expect(manifest.gypfile).toBe(false);
  for (const name of ['preinstall', 'install', 'postinstall'])
    expect(manifest.scripts).not.toHaveProperty(name);
});

/** Runs the installed package in an empty project: its dependencies, no LibTorch, no build, no Python. */
function florigen(...flags: string[]) {
  const modules = join(folder, 'project/node_modules');
  return spawnSync(process.execPath, [join(modules, 'florigen/bin/florigen.js'), ...flags], {
    cwd: join(folder, 'project'),
    encoding: 'utf8',
    env: { PATH: join(folder, 'empty'), HOME: folder, FLORIGEN_HOME: join(folder, 'home') },
  });
}

test('help and version work without LibTorch', () => {
  const help = florigen('--help');
  expect(help.status).toBe(0);
  expect(help.stdout).toContain('generate');
  expect(florigen('train', '--help').status).toBe(0);
});

test('the first thing that needs LibTorch says how to get it', () => {
  const where = florigen('libtorch', 'where');
  expect(where.status).toBe(1);
  expect(where.stderr).toContain('florigen libtorch install');
  expect(where.stderr).not.toMatch(/^\s+at /m);
});

test('doctor names what is missing, with the remedy, and ends with 1', () => {
  const report = florigen('doctor');
  expect(report.status).toBe(1);
  expect(report.stdout + report.stderr).toContain('npx florigen libtorch install');
});
