import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { florigen, jsonLines } from './run-florigen';

// A loaded machine may take ten times as long as a quiet one.
jest.setTimeout(600_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-dataset-'));
const at = (name: string) => path.join(folder, name);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test('build draws, packs and says what is in the pack', async () => {
  const { code, stdout, stderr } = await florigen([
    'dataset',
    'build',
    '--images',
    '120',
    '--sizes',
    '16,32',
    '--seed',
    '3',
    '--out',
    at('deep/er/f.safetensors'),
  ]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/Drawing flowers {2}100% {2}120\/120 images/);
  expect(stdout).toMatch(/images +120 at 16 and 32 pixels/);
  expect(stdout).toMatch(/training +\d+ images of 62 classes/);
  expect(stdout).toMatch(/zero-shot +yes/);
});

test('build puts hybrids beside the species, and says how many', async () => {
  const args = [
    'dataset',
    'build',
    '--images',
    '102',
    '--hybrids',
    '12',
    '--sizes',
    '16',
    '--out',
    at('h.st'),
  ];
  const { code, stdout, stderr } = await florigen(args);
  expect(code).toBe(0);
  expect(stderr).toMatch(/114\/114 images/);
  expect(stdout).toMatch(/images +114 at 16 pixels/);
  expect(stdout).toMatch(/classes +102\n +hybrids +12, each a class of its own in training\n/);
  expect(stdout).toMatch(/training +62 images of 62 classes and 12 hybrids\n/);
  expect(stdout).toMatch(/zero-shot +yes/);
  const inspected = await florigen(['dataset', 'inspect', at('h.st'), '--json']);
  expect(jsonLines(inspected.stdout)[0]).toMatchObject({
    name: 'built-in flowers, seed 0, with 12 hybrids',
    classes: 102,
    hybrids: 12,
    splits: { training: { images: 74, classes: 62, classless: 12 }, test: { classes: 20, classless: 0 } },
  });
});

test('inspect writes a contact sheet and, for programs, one line a result', async () => {
  const { code, stdout } = await florigen([
    'dataset',
    'inspect',
    at('deep/er/f.safetensors'),
    '--count',
    '6',
    '--json',
  ]);
  expect(code).toBe(0);
  const [pack, sheet] = jsonLines(stdout);
  expect(pack).toMatchObject({
    event: 'pack',
    imageCount: 120,
    captionCount: 1200,
    classes: 102,
    zeroShot: true,
  });
  expect(sheet).toEqual({ event: 'sheet', path: at('deep/er/f.png') });
  expect((await sharp(at('deep/er/f.png')).metadata()).format).toBe('png');
});

test('import packs one’s own pictures, and names what it skips', async () => {
  const photos = at('photos');
  fs.mkdirSync(path.join(photos, 'roses'), { recursive: true });
  fs.mkdirSync(path.join(photos, 'tulips'));
  const picture = (color: string) =>
    sharp({ create: { width: 90, height: 70, channels: 3, background: color } });
  const files = {
    'roses/a.jpg': 'red',
    'roses/b.png': 'pink',
    'tulips/c.webp': 'blue',
    'tulips/alone.png': 'white',
  };
  for (const [name, color] of Object.entries(files)) await picture(color).toFile(path.join(photos, name));
  for (const name of ['roses/a', 'roses/b', 'tulips/c'])
    fs.writeFileSync(path.join(photos, `${name}.txt`), `a picture of ${name}\nanother caption\n`);
  fs.writeFileSync(path.join(photos, 'tulips/broken.jpg'), 'no picture');
  fs.writeFileSync(path.join(photos, 'tulips/broken.txt'), 'a caption');

  const args = ['dataset', 'import', photos, '--sizes', '32', '--out'];
  const plain = await florigen([...args, at('p.safetensors')]);
  expect(plain.code).toBe(0);
  expect(plain.stdout).toMatch(/images +3 at 32 pixels, from folder/);
  expect(plain.stdout).toMatch(/classes +2/);
  expect(plain.stdout).toMatch(/validation +1 images/);
  expect(plain.stdout).toMatch(/zero-shot +no: /);
  expect(plain.stderr).toMatch(/Skipped 2:\n {2}tulips\/alone\.png .*alone\.txt.*\n {2}tulips\/broken\.jpg /);

  const { stdout } = await florigen([...args, at('q.safetensors'), '--json']);
  const skipped = jsonLines(stdout).find(({ event }) => event === 'skipped');
  expect(skipped).toMatchObject({
    count: 2,
    skipped: [{ file: 'tulips/alone.png' }, { file: 'tulips/broken.jpg' }],
  });
});

test('a stopped build leaves nothing behind', async () => {
  let signaled = false;
  const { code, stderr } = await florigen(
    ['dataset', 'build', '--sizes', '76', '--out', at('stopped.safetensors'), '--json'],
    {
      onOutput: (soFar, child) => {
        if (signaled || !soFar.includes('"done"')) return;
        signaled = true;
        child.kill('SIGTERM');
      },
    },
  );
  expect({ code, stderr }).toEqual({ code: 143, stderr: '' });
  expect(fs.readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
});
