// Planted faults fit the code of today. Whether a test goes red: `npm run test:mutants`, which takes longer.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../ts/native/libtorch-pin';

const folder = join(packageRoot, 'test', 'mutants');
const mutants: { name: string; kind: 'native' | 'typescript'; test: string; title?: string }[] = JSON.parse(
  readFileSync(join(folder, 'mutants.json'), 'utf8'),
);

test('every planted fault has a patch, and every patch is listed', () => {
  const names = mutants.map(({ name }) => `${name}.patch`).sort();
  expect(names).toEqual([...new Set(names)]);
  expect(names).toEqual(
    readdirSync(folder)
      .filter((name) => name.endsWith('.patch'))
      .sort(),
  );
});

test('every patch applies', () => {
  const refused = mutants.flatMap(({ name }) => {
    // Outside a repository: inside one, git would skip files that it takes for another folder's.
    const env = { ...process.env, GIT_DIR: join(folder, 'no-repository') };
    const options = { cwd: packageRoot, encoding: 'utf8', env } as const;
    const { status, stderr } = spawnSync('git', ['apply', '--check', join(folder, `${name}.patch`)], options);
    return status === 0 ? [] : [`${name}: ${stderr.trim()}`];
  });
  expect(refused).toEqual([]);
});

test('every test of TypeScript that must go red is there, under its title', () => {
  for (const { name, kind, test: file, title } of mutants) {
    if (kind === 'native') continue;
    const path = join(packageRoot, file);
    expect({ name, isThere: existsSync(path) && title !== undefined }).toEqual({ name, isThere: true });
  }
});
