/** The commands from a pack to a picture of one's own sentence, as a user types them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { filesOf } from '../unit/training/support/run-contents';
import { writeTinyPack } from '../unit/training/support/tiny-pack';
import { florigen, jsonLines } from './run-florigen';

jest.setTimeout(600_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-text-'));
const at = (name: string) => path.join(folder, name);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
beforeAll(() => writeTinyPack(at('pack.safetensors')));

/** Runs a command in the folder that must end well. @returns its last JSON line */
async function said(line: string, more: string[] = []): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await florigen([...line.split(' '), ...more, '--json'], { cwd: folder });
  expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
  return jsonLines(stdout).at(-1)!;
}

const tinyGan = '--ngf 4 --ndf 4 --nz 8 --nt 8 --batch-size 4 --steps 3 --threads 1';
const encoderTrain = (run: string) =>
  `encoder train --data pack.safetensors --run ${run} --epochs 20 --threads 1 --convolution-size 8 --length 100`;

test('features train, features extract, encoder train, dataset embed, train, export, generate', async () => {
  const features = await said(
    'features train --data pack.safetensors --run features --steps 3 --batch-size 4 --input-size 32 --threads 1',
  );
  expect(features).toMatchObject({ event: 'features-network', step: 3 });
  const network = path.relative(folder, features.path as string);
  const extracted = await said(`features extract pack.safetensors --network ${network}`);
  expect(extracted).toMatchObject({ event: 'features', shape: [24, 10, 1024], reused: false });
  const trained = await said(encoderTrain('whole'));
  expect(trained).toMatchObject({ event: 'encoder', id: 'char-cnn-rnn', step: 80 });
  const encoder = path.relative(folder, trained.path as string);
  const embedded = await said(`dataset embed pack.safetensors --encoder ${encoder}`);
  expect(embedded).toMatchObject({ event: 'embeddings', fingerprint: trained.fingerprint, reused: false });
  expect((await said(`dataset embed pack.safetensors --encoder ${encoder}`)).reused).toBe(true);
  const gan = await said(`train --data pack.safetensors --run gan --encoder ${encoder} ${tinyGan}`);
  expect(gan).toMatchObject({ event: 'trained', step: 3 });
  await said('export gan --out bundle.safetensors');

  const empty = fs.mkdtempSync(at('empty-'));
  fs.renameSync(at('bundle.safetensors'), path.join(empty, 'mine.safetensors'));
  const drawn = await florigen(
    [
      'generate',
      '--model',
      'mine.safetensors',
      '--prompt',
      'a bloom nobody wrote of',
      '--out',
      'x.png',
      '--json',
    ],
    { cwd: empty },
  );
  expect({ code: drawn.code, stderr: drawn.stderr }).toEqual({ code: 0, stderr: '' });
  expect(fs.readFileSync(path.join(empty, 'x.png')).subarray(1, 4).toString()).toBe('PNG');
  expect(fs.readdirSync(empty).sort()).toEqual(['mine.safetensors', 'x.png']);
  const inspected = await florigen(['inspect', 'mine.safetensors', '--verify'], { cwd: empty });
  expect(inspected.stdout).toMatch(/verified[\s\S]*textEncoder\.id +char-cnn-rnn/);
});

test('train --fine-tune-learning-rate trains the encoder too; what cannot be trained so is refused', async () => {
  const encoder = 'whole/encoder.safetensors';
  const tune = `--encoder ${encoder} --fine-tune-learning-rate 0.01 --captions 1 --data-mismatches 2`;
  await said(`train --data pack.safetensors --run tuned ${tune} ${tinyGan}`);
  await said('train --resume tuned --steps 4');
  const encoderOf = async (file: string) => {
    const { metadata } = await said(`inspect ${file}`);
    return (metadata as { textEncoder: Record<string, unknown> }).textEncoder;
  };
  const tuned = await encoderOf('tuned/bundle.safetensors');
  expect(tuned).toMatchObject({ id: 'char-cnn-rnn', provenance: { fineTuned: { step: 4 } } });
  expect(tuned.fingerprint).not.toBe((await encoderOf(encoder)).fingerprint);
  await said('generate --model tuned --out tuned.png', ['--prompt', 'a bloom nobody wrote of']);

  for (const [args, says] of [
    [
      'train --data pack.safetensors --run x --text-encoder-id hashed-ngrams --fine-tune-learning-rate 0.01',
      /`fineTune\.learningRate` must be left out with the text encoder hashed-ngrams[\s\S]*--encoder FILE/,
    ],
    [
      `train --data pack.safetensors --run x --cls-weight 0 ${tune}`,
      /`clsWeight` must be above 0 with `fineTune`/,
    ],
    [
      'train --resume tuned --fine-tune-learning-rate 0.02',
      /`fineTune\.learningRate` must stay 0\.01 in this run/,
    ],
    ['train --resume gan --fine-tune-learning-rate 0.02', /`fineTune` must stay undefined in this run/],
  ] as const) {
    const { code, stderr } = await florigen(args.split(' '), { cwd: folder });
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(stderr).toMatch(says);
    expect(fs.existsSync(at('x'))).toBe(false);
  }
});

test('a train that is refused leaves no folder of a run', async () => {
  await writeTinyPack(at('small.safetensors'), { size: 60 });
  const encoder = '--encoder whole/encoder.safetensors';
  for (const [args, says] of [
    ['--data pack.safetensors --encoder pack.safetensors', /must be a florigen text encoder/],
    [`--data small.safetensors ${encoder}`, /must hold images of at least 64 pixels/],
    [`--data pack.safetensors --ngf 100000 ${encoder}`, /memory/],
  ] as const) {
    const { code, stderr } = await florigen(['train', ...args.split(' '), '--threads', '1'], { cwd: folder });
    expect({ args, code }).toEqual({ args, code: 1 });
    expect(stderr).toMatch(says);
    expect(fs.existsSync(at('runs'))).toBe(false);
  }
});

test('an encoder’s run that is stopped by SIGINT and resumed ends with the same files', async () => {
  let signaled = false;
  const stopped = await florigen([...encoderTrain('stopped').split(' '), '--json'], {
    cwd: folder,
    onOutput: (soFar, child) => {
      if (signaled || !/"event":"epoch"/.test(soFar)) return;
      signaled = true;
      child.kill('SIGINT');
    },
  });
  const last = jsonLines(stopped.stdout).at(-1)!;
  expect({ code: stopped.code, event: last.event }).toEqual({ code: 130, event: 'stopped' });
  expect(last.step).toBeLessThan(80);
  expect(path.basename(String(last.command).split(' ').at(-1)!)).toBe('stopped');
  const refused = await florigen(['encoder', 'evaluate', 'stopped', '--data', 'pack.safetensors'], {
    cwd: folder,
  });
  expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/is not finished: .*\n.*florigen encoder train --resume stopped/);
  expect(await said('inspect stopped')).toMatchObject({
    trains: 'encoder',
    step: last.step,
    finished: false,
  });
  await said('encoder train --resume stopped');
  expect(await said('inspect stopped')).toMatchObject({ step: 80, epoch: 20, finished: true });
  expect(await said('inspect features')).toMatchObject({ trains: 'features', step: 3, finished: true });
  const [parts, whole] = ['stopped', 'whole'].map((run) =>
    Object.entries(filesOf(at(run))).filter(([name]) =>
      /^encoder|options|^checkpoints.step-00000080/.test(name),
    ),
  );
  expect(parts).toEqual(whole);
  expect(parts!.length).toBeGreaterThanOrEqual(3);
});

test('embeddings of a trained encoder do not make `train` take word n-grams in silence', async () => {
  const { code, stderr } = await florigen(
    ['train', '--data', 'pack.safetensors', '--run', 'unchosen', ...tinyGan.split(' ')],
    { cwd: folder },
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/`--encoder` must say[\s\S]*encoder train[\s\S]*--text-encoder-id hashed-ngrams/);
  expect(fs.existsSync(at('unchosen'))).toBe(false);
  await said('dataset embed pack.safetensors --encoder hashed-ngrams');
  expect(await said(`train --data pack.safetensors --run chosen ${tinyGan}`)).toMatchObject({
    event: 'trained',
  });
});

test('what is no encoder, or another kind of file, is refused by name', async () => {
  for (const [args, says] of [
    ['train --data pack.safetensors --run x --encoder pack.safetensors', /pack\.safetensors.*text encoder/],
    ['train --data pack.safetensors --run x --encoder nowhere.safetensors', /nowhere\.safetensors/],
    ['dataset embed pack.safetensors --encoder features/features-network.safetensors', /text encoder/],
    ['features extract pack.safetensors --network whole/encoder.safetensors', /whole\/encoder\.safetensors/],
    ['encoder embed gan/bundle.safetensors hello', /gan\/bundle\.safetensors.*text encoder/],
    ['encoder train --resume features', /features/],
  ] as const) {
    const { code, stdout, stderr } = await florigen(args.split(' '), { cwd: folder });
    expect({ args, code: code === 1 || code === 2, stdout }).toEqual({ args, code: true, stdout: '' });
    expect(stderr.split('\n')[0]).toMatch(says);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(fs.existsSync(at('x/options.json'))).toBe(false);
  }
});
