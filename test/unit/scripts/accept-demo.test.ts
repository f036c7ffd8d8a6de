import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../ts/native/libtorch-pin';

/** A checkout of scripts, with a program in the place of florigen that writes the folder of its demo. */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'florigen-accept-'));
  cpSync(join(packageRoot, 'scripts'), join(root, 'scripts'), { recursive: true });
  for (const folder of ['bin', 'ts', 'models']) mkdirSync(join(root, folder));
  write('ts/step.ts', 'first');
  const out = 'process.argv[process.argv.indexOf("--out") + 1]';
  write('bin/florigen.js', `require('node:fs').mkdirSync(${out}, { recursive: true });`);
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(join(root, file), text);
const mark = 'runs/accept-demo/mark';

/** Trains, and leaves a mark in the folder where the last one's is gone. @returns what was said, and whether it was */
function trained(): { said: string; anew: boolean } {
  const module = join(root, 'scripts/lib/accept-demo.cjs');
  const source = `require(${JSON.stringify(module)}).trainDemo()`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', source], { cwd: root, encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const anew = !existsSync(join(root, mark));
  write(mark, '');
  return { said: stderr, anew };
}

test('the demo that acceptance measures is of the code at hand, whatever lies in runs/', () => {
  mkdirSync(join(root, 'runs/demo'), { recursive: true });
  write('runs/demo/bundle.safetensors', 'of npm start');
  expect(trained()).toEqual({ said: '', anew: true });
  expect(trained()).toMatchObject({ said: expect.stringContaining('is of this code'), anew: false });
  write('README.md', 'a page is no code');
  expect(trained().anew).toBe(false);
  for (const source of ['ts/step.ts', 'models/flowers-encoder.safetensors']) {
    write(source, 'second');
    expect(trained()).toMatchObject({ said: expect.stringContaining('is of other code'), anew: true });
    expect(trained().anew).toBe(false);
  }
  expect(existsSync(join(root, 'runs/demo/bundle.safetensors'))).toBe(true);
});
