/** What counts as a choice of the encoder of one's own pack, and what nothing would read beside it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { refuseBesideEncoder, refuseUnchosenEncoder } from '../../ts/cli/encoder-choice';
import { trainingOptions } from '../../ts/cli/training-input';
import type { Dataset } from '../../ts/data/dataset';
import { embeddingsPath } from '../../ts/models/embeddings';
import { HashedNgramEncoder } from '../../ts/models/hashed-ngrams';
import { writeTinyPack } from '../unit/training/support/tiny-pack';

let folder: string;
let dataset: Dataset;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-choice-'));
  dataset = await writeTinyPack(path.join(folder, 'tiny.safetensors'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** What a user gives: flags, and what a file of options says. */
interface Given {
  overrides: Record<string, unknown>;
  file?: object;
}

async function given({ overrides, file }: Given) {
  const config = file && path.join(folder, 'options.json');
  if (config) fs.writeFileSync(config, JSON.stringify(file));
  return { options: { overrides, config }, training: await trainingOptions(overrides, config) };
}

async function checked(what: Given): Promise<void> {
  const { options, training } = await given(what);
  await refuseUnchosenEncoder(dataset, options, training);
}

const ngrams = { id: 'hashed-ngrams' };
const size = { options: { size: 16 } };

test.each<[string, Given]>([
  ['nothing', { overrides: {} }],
  ['a preset', { overrides: { preset: 'small' } }],
  ['another preset', { overrides: { preset: 'reed2016-flowers' } }],
  ['options of an encoder', { overrides: { textEncoder: size } }],
  ['a file of other options', { overrides: {}, file: { preset: 'small', batchSize: 4 } }],
  ['a file of options of an encoder', { overrides: {}, file: { textEncoder: size } }],
])('%s is no choice', async (_, what) => {
  await expect(checked(what)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(/^`--encoder` must say .* has no embeddings yet of hashed-ngrams/),
    hint: expect.stringMatching(/encoder train.*--text-encoder-id hashed-ngrams/),
  });
});

test.each<[string, Given]>([
  ['an encoder’s file', { overrides: { textEncoder: { file: 'encoder.safetensors' } } }],
  ['an id', { overrides: { textEncoder: ngrams } }],
  ['an id in a file of options', { overrides: { preset: 'small' }, file: { textEncoder: ngrams } }],
  ['a file in a file of options', { overrides: {}, file: { textEncoder: { file: 'e.safetensors' } } }],
])('%s is one', async (_, what) => {
  await expect(checked(what)).resolves.toBeUndefined();
});

test('embeddings of a preset’s encoder that lie beside the pack are one, those of other options are not', async () => {
  const made = embeddingsPath(dataset.path, new HashedNgramEncoder(size.options));
  fs.writeFileSync(made, '');
  try {
    await expect(checked({ overrides: { textEncoder: size } })).resolves.toBeUndefined();
    await expect(checked({ overrides: { preset: 'small' } })).rejects.toMatchObject({ code: 'USAGE' });
  } finally {
    fs.rmSync(made);
  }
});

test.each<[string, Given, string]>([
  ['id', { overrides: { textEncoder: { ...ngrams, file: 'e.safetensors' } } }, '--text-encoder-id'],
  ['options', { overrides: { textEncoder: { ...size, file: 'e.safetensors' } } }, '--text-encoder-options'],
  [
    'options, the file in a file of options',
    { overrides: { textEncoder: size }, file: { textEncoder: { file: 'e.safetensors' } } },
    '--text-encoder-options',
  ],
])('an encoder’s file leaves nothing to be said by flags: %s', async (_, what, flag) => {
  const { options, training } = await given(what);
  expect(() => refuseBesideEncoder(options, training)).toThrow(
    expect.objectContaining({
      code: 'USAGE',
      message: expect.stringContaining(`\`${flag}\` must be left out with the encoder of e.safetensors`),
    }),
  );
});

test('the complete options of another run, which name file, id and options, are taken as they are', async () => {
  const textEncoder = { ...ngrams, ...size, file: 'e.safetensors' };
  const { options, training } = await given({ overrides: {}, file: { textEncoder } });
  expect(() => refuseBesideEncoder(options, training)).not.toThrow();
});
