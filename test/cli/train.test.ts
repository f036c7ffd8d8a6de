import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { florigen, jsonLines, root } from './run-florigen';

// A loaded machine may take ten times as long as a quiet one.
jest.setTimeout(600_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-train-'));
const at = (name: string) => path.join(folder, name);
const tiny = ['--ngf', '4', '--ndf', '4', '--nz', '8', '--nt', '8', '--batch-size', '4', '--threads', '1'];
const steps = 60;
const train = (run: string) => [
  'train',
  '--data',
  at('pack'),
  '--run',
  at(run),
  '--steps',
  `${steps}`,
  '--json',
  '--text-encoder-id',
  'hashed-ngrams',
  ...tiny,
];

beforeAll(async () => {
  const { code } = await florigen([
    'dataset',
    'build',
    '--images',
    '102',
    '--sizes',
    '76',
    '--out',
    at('pack'),
  ]);
  expect(code).toBe(0);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test('a pack without embeddings and without a named encoder is refused with the choices', async () => {
  for (const more of [[], ['--preset', 'reed2016-flowers']]) {
    const { code, stderr } = await florigen([
      'train',
      '--data',
      at('pack'),
      '--run',
      at('unchosen'),
      ...more,
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/`--encoder` must say[\s\S]*encoder train[\s\S]*--text-encoder-id hashed-ngrams/);
    expect(fs.existsSync(at('unchosen'))).toBe(false);
  }
});

test('a run that is stopped by SIGINT and resumed ends as one that was not, bit for bit', async () => {
  const whole = await florigen(train('whole'));
  expect(whole.code).toBe(0);
  expect(jsonLines(whole.stdout).at(-1)).toMatchObject({ event: 'trained', step: steps });

  let signaled = false;
  const stopped = await florigen(train('stopped'), {
    onOutput: (soFar, child) => {
      if (signaled || !/"event":"(progress","title":"Training|epoch)"/.test(soFar)) return;
      signaled = true;
      child.kill('SIGINT');
    },
  });
  const last = jsonLines(stopped.stdout).at(-1)!;
  expect({ code: stopped.code, event: last.event }).toEqual({ code: 130, event: 'stopped' });
  expect(last.step).toBeLessThan(steps);
  expect(last.command).toBe(`florigen train --resume ${at('stopped')}`);

  const resumed = await florigen(['train', '--resume', at('stopped'), '--json']);
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toBe('');
  const bundle = (run: string) => fs.readFileSync(path.join(at(run), 'bundle.safetensors'));
  expect(bundle('stopped').equals(bundle('whole'))).toBe(true);

  const epochs = jsonLines(whole.stdout).filter(({ event }) => event === 'epoch');
  expect(epochs.length).toBeGreaterThan(0);
  for (const epoch of epochs)
    expect(epoch).toMatchObject({ stepCount: steps, means: { discriminatorLoss: expect.any(Number) } });
});

test('what was trained is inspected, exported and drawn with', async () => {
  const run = jsonLines((await florigen(['inspect', at('whole'), '--json'])).stdout)[0];
  expect(run).toMatchObject({ kind: 'run', provenance: { step: steps } });
  const exported = await florigen(['export', at('whole'), '--out', at('b.safetensors')]);
  expect({ code: exported.code, stderr: exported.stderr }).toEqual({ code: 0, stderr: '' });
  const inspected = await florigen(['inspect', at('b.safetensors'), '--verify']);
  expect(inspected.stdout).toMatch(/a bundle[\s\S]*verified[\s\S]*textEncoder\.id +hashed-ngrams/);

  const draw = [
    'generate',
    '--model',
    at('b.safetensors'),
    '--threads',
    '1',
    '--prompt',
    'a red bloom',
    'blue petals',
  ];
  const grid = await florigen([...draw, '--count', '2', '--seed', '7', '--out', at('x.png')]);
  expect(grid.stdout).toContain('4 pictures');
  expect(fs.readFileSync(at('x.png')).subarray(1, 4).toString()).toBe('PNG');
  const pictures = at('pictures/');
  const files = await florigen([
    ...draw,
    '--count',
    '2',
    '--seed',
    '4294967295',
    '--out',
    pictures,
    '--json',
  ]);
  expect(jsonLines(files.stdout).at(-1)).toMatchObject({ event: 'folder', pictures: 4 });
  const manifest = JSON.parse(fs.readFileSync(path.join(pictures, 'manifest.json'), 'utf8'));
  expect(
    manifest.pictures.map(({ prompt, seed }: { prompt: string; seed: number }) => [prompt, seed]),
  ).toEqual([
    ['a red bloom', 4294967295],
    ['a red bloom', 0],
    ['blue petals', 4294967295],
    ['blue petals', 0],
  ]);
  for (const { file } of manifest.pictures) expect(fs.existsSync(path.join(pictures, file))).toBe(true);
});

test('without --data and --run the built-in pack and a new folder are taken, and a file of options yields to flags', async () => {
  const cwd = at('elsewhere');
  fs.mkdirSync(path.join(cwd, 'data'), { recursive: true });
  fs.copyFileSync(at('pack'), path.join(cwd, 'data/flowers.safetensors'));
  fs.copyFileSync(path.join(at('whole'), 'options.json'), path.join(cwd, 'mine.json'));
  const args = [
    'train',
    '--config',
    'mine.json',
    '--epochs',
    '1',
    '--batch-size',
    '6',
    '--data-pack',
    'data/flowers.safetensors',
  ];
  for (const run of ['runs/small', 'runs/small-2']) {
    const { code, stdout } = await florigen([...args, '--json'], { cwd });
    expect(code).toBe(0);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'trained', run });
    const options = JSON.parse(fs.readFileSync(path.join(cwd, run, 'options.json'), 'utf8'));
    expect(options).toMatchObject({ epochs: 1, batchSize: 6, generatorFeatures: 4, preset: 'small' });
    expect(options.steps).toBeUndefined();
  }
});

test('a resumed run keeps its options, and says which may change', async () => {
  const { code, stderr } = await florigen(['train', '--resume', at('whole'), '--batch-size', '8']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^florigen: `batchSize` must stay 4 .* \(USAGE\)\n.*steps/);
  const both = await florigen(['train', '--resume', at('whole'), '--run', at('other')]);
  expect(both.code).toBe(2);
  expect(both.stderr).toMatch(/`--run` must be left out with --resume/);
});

test('a folder that holds a run is not trained over', async () => {
  const { code, stderr } = await florigen(train('whole'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/holds a run already.*\n.*--resume/);
});

test('an altered checkpoint is refused by name, and nothing is overwritten', async () => {
  fs.cpSync(at('whole'), at('altered'), { recursive: true });
  const checkpoints = path.join(at('altered'), 'checkpoints');
  const newest = path.join(checkpoints, fs.readdirSync(checkpoints).sort().at(-1)!);
  const bytes = fs.readFileSync(newest);
  bytes[bytes.length - 5] = bytes[bytes.length - 5]! ^ 1;
  fs.writeFileSync(newest, bytes);
  const { code, stderr } = await florigen(['train', '--resume', at('altered'), '--steps', '70']);
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`${path.basename(newest)}.* \\(CHECKPOINT\\)`));
  expect(fs.readFileSync(newest).equals(bytes)).toBe(true);
});

test('the first SIGINT asks, the second ends the process as the system does', async () => {
  const script = `
    const { Interruption } = require(${JSON.stringify(path.join(root, 'lib/cli/signals.js'))});
    const interruption = new Interruption((name) => console.log(name, interruption.signal.aborted));
    setInterval(() => console.log(interruption.signal.aborted, interruption.exitCode), 50);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (text.includes('false null') && !output.includes('SIGINT')) child.kill('SIGINT');
    if (text.includes('true 130')) child.kill('SIGINT');
  });
  const signal = await new Promise((resolve) => child.on('close', (_, name) => resolve(name)));
  expect(output).toContain('SIGINT false');
  expect(output).toContain('true 130');
  expect(signal).toBe('SIGINT');
});
