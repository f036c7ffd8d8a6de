import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeSafetensors } from '../../ts/formats/safetensors-writer';
import { packagedModel } from '../../ts/models/packaged';
import { florigen, jsonLines, type RunOptions } from './run-florigen';

// A loaded machine may take ten times as long as a quiet one.
jest.setTimeout(600_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-bad-'));
const at = (name: string) => path.join(folder, name);
const pack = at('pack.safetensors');

beforeAll(async () => {
  const built = await florigen(['dataset', 'build', '--images', '102', '--sizes', '64', '--out', pack]);
  expect(built.code).toBe(0);
  const bytes = fs.readFileSync(pack);
  fs.writeFileSync(at('cut.safetensors'), bytes.subarray(0, bytes.length - 1000));
  const altered = Buffer.from(bytes);
  altered[20] = altered[20]! ^ 0x04;
  fs.writeFileSync(at('altered.safetensors'), altered);
  fs.writeFileSync(at('noise.safetensors'), Buffer.alloc(5000, 0x5a));
  fs.writeFileSync(at('options.json'), '{ "batchSize": ');
  fs.writeFileSync(at('unknown.json'), '{ "batchsize": 8 }');
  const data = new Uint8Array(8);
  await writeSafetensors(at('foreign.safetensors'), {
    metadata: { made: 'elsewhere' },
    tensors: [{ name: 'x', dtype: 'F32', shape: [2], data }],
  });
  fs.mkdirSync(at('empty'));
  fs.mkdirSync(at('torch/lib'), { recursive: true });
  for (const name of ['libtorch_cpu.so', 'libc10.so']) fs.writeFileSync(at(`torch/lib/${name}`), '');
  fs.writeFileSync(at('torch/version.py'), "__version__ = '2.9.1'\n");
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

type Case = [title: string, args: string[], exit: number, code: string, says: RegExp, options?: RunOptions];

const draw = (model: string, prompt: string) => [
  'generate',
  '--model',
  model,
  '--prompt',
  prompt,
  '--out',
  at('x.png'),
];
const noLibTorch = {
  FLORIGEN_LIBTORCH: at('torch'),
  FLORIGEN_HOME: at('home'),
  LIBTORCH: '',
  PATH: at('empty'),
};

const cases: Case[] = [
  ['no such command', ['trian'], 2, 'USAGE', /unknown command 'trian'.*\n.*Did you mean train\?/],
  [
    'no such flag',
    ['demo', '--stepps', '4'],
    2,
    'USAGE',
    /unknown option '--stepps'.*\n.*Did you mean --steps\?/,
  ],
  [
    'hybrids in a pack of mixed flowers alone',
    ['dataset', 'build', '--mixed', '--images', '5', '--hybrids', '4', '--out', at('never.safetensors')],
    2,
    'USAGE',
    /`--hybrids` must be 0 with `--mixed`, but is 4 instead: hybrids stand beside species/,
  ],
  ['no such option of training', ['train', '--batchsize', '4'], 2, 'USAGE', /Did you mean --batch-size\?/],
  [
    'no such option in a file',
    ['train', '--data', pack, '--config', at('unknown.json')],
    2,
    'USAGE',
    /`batchsize`.*\n.*`batchSize`/,
  ],
  [
    'a file of options that is no JSON',
    ['train', '--data', pack, '--config', at('options.json')],
    2,
    'USAGE',
    /options.json.*JSON/,
  ],
  [
    'a negative size',
    ['train', '--data', pack, '--batch-size', '-1'],
    2,
    'USAGE',
    /`batchSize` must be .* but is -1 instead/,
  ],
  [
    'a size that is no number',
    ['train', '--data', pack, '--ngf', 'wide'],
    2,
    'USAGE',
    /`generatorFeatures` must be .* "wide" instead/,
  ],
  [
    'options of an encoder beside the file that says them',
    ['train', '--data', pack, '--encoder', at('none'), '--text-encoder-options', '{}'],
    2,
    'USAGE',
    /`--text-encoder-options` must be left out with the encoder of .*none/,
  ],
  [
    'a sentence to embed without a word',
    ['encoder', 'embed', pack, 'a rose', '?'],
    2,
    'USAGE',
    /`sentences\[1\]` must be a sentence.*\n.*in quotes/,
  ],
  ['no such preset', ['train', '--data', pack, '--preset', 'smal'], 2, 'USAGE', /"smal" instead.*\n.*small/],
  [
    'a negative number of pictures',
    [...draw('x', 'a rose'), '--count', '-3'],
    2,
    'USAGE',
    /`--count` must be .* but is -3 instead/,
  ],
  ['a seed too large', [...draw('x', 'a rose'), '--seed', '4294967296'], 2, 'USAGE', /`--seed` must be/],
  [
    'too few flowers',
    ['dataset', 'build', '--images', '5', '--out', at('n')],
    2,
    'USAGE',
    /`--images` must be .* 5 instead/,
  ],
  ['a required flag left out', ['generate', '--model', 'x'], 2, 'USAGE', /--prompt/],
  [
    'an output of an unknown kind',
    ['generate', '--model', 'x', '--prompt', 'a rose', '--out', at('x.jpg')],
    2,
    'USAGE',
    /`--out` must be/,
  ],
  [
    'a pack that exists',
    ['dataset', 'build', '--images', '102', '--out', pack],
    2,
    'USAGE',
    /exists.*\n.*--force/,
  ],
  ['an empty text', draw('x', ''), 2, 'USAGE', /must be a sentence/],
  ['a text without words', draw('x', ' ?! '), 2, 'USAGE', /must be a sentence/],
  ['a text of 10,000 characters', draw('x', 'red '.repeat(2500)), 2, 'USAGE', /at most 1000 characters/],
  ['a missing model', draw(at('none'), 'a rose'), 1, 'CHECKPOINT', /none.*there is no such file/],
  ['a model folder that holds none', draw(at('empty'), 'a rose'), 1, 'CHECKPOINT', /has neither/],
  [
    'a foreign safetensors file as a model',
    draw(at('foreign.safetensors'), 'a rose'),
    1,
    'CHECKPOINT',
    /foreign/,
  ],
  ['a pack as a model', draw(pack, 'a rose'), 1, 'CHECKPOINT', /florigen\.pack/],
  ['a missing file', ['inspect', at('none')], 1, 'IO', /none/],
  [
    'a file that is no safetensors',
    ['inspect', at('noise.safetensors')],
    1,
    'DATA',
    /noise.safetensors` must be a safetensors file/,
  ],
  ['a missing pack', ['dataset', 'inspect', at('none')], 1, 'DATA', /none.*there is no such file/],
  [
    'a pack cut short',
    ['dataset', 'inspect', at('cut.safetensors')],
    1,
    'DATA',
    /cut.safetensors` must be a florigen pack/,
  ],
  [
    'an altered pack',
    ['dataset', 'inspect', at('altered.safetensors')],
    1,
    'DATA',
    /altered.safetensors` must be a florigen pack/,
  ],
  [
    'a foreign safetensors file as a pack',
    ['dataset', 'inspect', at('foreign.safetensors')],
    1,
    'DATA',
    /must be a florigen pack/,
  ],
  [
    'a missing folder to import',
    ['dataset', 'import', at('none'), '--out', at('n')],
    1,
    'DATA',
    /none.*no such folder/,
  ],
  ['a folder without images', ['dataset', 'import', at('empty'), '--out', at('n')], 1, 'DATA', /empty/],
  [
    'training on a corrupt pack',
    ['train', '--data', at('cut.safetensors'), '--run', at('r')],
    1,
    'DATA',
    /cut.safetensors/,
  ],
  ['training on a missing pack', ['train', '--data', at('none'), '--run', at('r')], 1, 'DATA', /none/],
  [
    'a feature network that is none',
    [
      ...['evaluate', 'attributes', '--model', packagedModel, '--data', pack],
      ...['--features', at('foreign.safetensors')],
    ],
    2,
    'USAGE',
    /`features` must be a feature network.*foreign.*\n.*florigen features train/,
  ],
  ['resuming what is no run', ['train', '--resume', at('empty')], 1, 'CHECKPOINT', /empty/],
  [
    'a folder with other things for a demo',
    ['demo', '--out', folder],
    2,
    'USAGE',
    /`--out` must be an empty folder/,
  ],
  [
    'another LibTorch',
    ['libtorch', 'where'],
    1,
    'LIBRARY',
    /2\.9\.1, not 2\.11\.0.*\n.*florigen libtorch install/,
    { env: noLibTorch },
  ],
  [
    'a full disk',
    ['dataset', 'build', '--images', '102', '--sizes', '64', '--out', at('full.safetensors')],
    1,
    'IO',
    /full.safetensors` could not be written: no space is left.*\n.*Free some disk space/,
    { nodeArgs: ['--require', path.join(__dirname, 'fixtures/full-disk.cjs')] },
  ],
];

// Rows are objects to jest: a row that is shorter than the function has parameters would get a callback.
const rows = cases.map(([title, args, exit, code, says, options]) => ({
  title,
  args,
  exit,
  code,
  says,
  options,
}));

test.each(rows)('$title: one sentence, one code', async ({ args, exit, code, says, options }) => {
  const before = fs.readdirSync(folder).sort();
  const { code: actual, stdout, stderr } = await florigen(args, options);
  const lines = stderr.trimEnd().split('\n');
  expect(stderr).toMatch(says);
  expect(lines[0]).toMatch(new RegExp(`^florigen: .+ \\(${code}\\)$`));
  expect({ exit: actual, stdout, lines: lines.length <= 2 }).toEqual({ exit, stdout: '', lines: true });
  expect(stderr).not.toMatch(/^\s+at |node:internal|[a-z]\.js:\d/m);
  expect(fs.readdirSync(folder).sort()).toEqual(before);
});

test('FLORIGEN_DEBUG=1 adds the stack trace', async () => {
  const { stderr, code } = await florigen(['inspect', at('none')], { env: { FLORIGEN_DEBUG: '1' } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^\s+at /m);
});

test('with --json the error is a JSON line on standard output, and the sentence stays', async () => {
  const { stdout, stderr } = await florigen(['inspect', at('none'), '--json']);
  expect(jsonLines(stdout)).toEqual([expect.objectContaining({ event: 'error', code: 'IO', exitCode: 1 })]);
  expect(stderr).toMatch(/^florigen: .*\(IO\)$/m);
});

test('a reader that goes away is no error', async () => {
  const { stderr } = await florigen(['train', '--help'], { onOutput: (_, child) => child.stdout?.destroy() });
  expect(stderr).toBe('');
});
