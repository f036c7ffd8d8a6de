/** The text network at the boundary: weights and tokens in, embeddings out, and what is refused. */
import type { FlorigenAddon, NativeTextNetworkOptions, TextNetworkHandle } from '../../ts/native/addon';
import { loadAddon } from '../../ts/native/load';
import { testDevice } from '../support/device';
import { anything, otherKind, pathsOf, refusal, type Tree, withValue } from './support/option-tree';
import { textLength, tinyText, tinyTokens, vocabularySize } from './support/tiny-networks';

const addon: FlorigenAddon = loadAddon({ device: testDevice });
let network: TextNetworkHandle;

beforeAll(async () => {
  addon.configureRuntime({ threads: 1 });
  network = await madeWithWeights();
});
afterAll(() => addon.disposeHandle(network));

/** A network whose every weight follows from its place. */
async function madeWithWeights(changes: Partial<NativeTextNetworkOptions> = {}) {
  const handle = await addon.createTextNetwork(tinyText(changes));
  for (const [k, { name, shape }] of addon.textNetworkManifest(handle).entries()) {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, (_, i) => 0.2 * Math.sin(3 * i + k));
    await addon.textNetworkWriteState(handle, name, new Uint8Array(values.buffer));
  }
  return handle;
}

test.each([
  ['bag-of-words', textLength, 2],
  ['word-cnn-rnn', textLength, 12],
  ['char-cnn-rnn', 100, 12],
  ['char-cnn-gru', 60, 20],
] as const)('a row of %s has the same bits in every batch', async (architecture, length, tensors) => {
  // narrower ones are multiplied row by row in another order
  const width = 64;
  const handle = await madeWithWeights({ architecture, length, embeddingSize: width });
  expect(addon.textNetworkManifest(handle)).toHaveLength(tensors);
  // of all lengths, the last one empty
  const told = (row: number) => Math.round((length * (16 - row)) / 16);
  const tokens = Int32Array.from({ length: 17 * length }, (_, i) =>
    i % length < told(Math.floor(i / length))
      ? (Math.imul(i + 1, 2654435761) >>> 16) % (vocabularySize + 1)
      : 0,
  );
  const all = await addon.textNetworkEncode(handle, tokens);
  expect(all).toHaveLength(17 * width);
  expect(new Set(all).size).toBeGreaterThan(8 * width);
  for (const row of [0, 3, 9, 16]) {
    const alone = await addon.textNetworkEncode(handle, tokens.slice(row * length, (row + 1) * length));
    expect(alone).toEqual(all.slice(row * width, (row + 1) * width));
  }
  await addon.disposeHandle(handle);
});

test('tokens are copied before the call returns', async () => {
  const tokens = tinyTokens(3);
  const expected = await addon.textNetworkEncode(network, tokens);
  const found = addon.textNetworkEncode(network, tokens);
  tokens.fill(-1);
  expect(await found).toEqual(expected);
});

test('padding and symbols without a channel are nothing to a bag of words', async () => {
  const [together, apart] = [new Int32Array(textLength), new Int32Array(textLength)];
  together.set([3, 5, 5]);
  for (const [place, token] of [
    [0, 5],
    [4, 3],
    [11, 5],
  ] as const)
    apart[place] = token;
  const [a, b] = await Promise.all(
    [together, apart].map((tokens) => addon.textNetworkEncode(network, tokens)),
  );
  expect(a).toEqual(b);
  const bias = await addon.textNetworkEncode(network, new Int32Array(textLength));
  expect(bias).toEqual(Float32Array.from({ length: 8 }, (_, i) => 0.2 * Math.sin(3 * i + 1)));
});

describe('refused', () => {
  const options = tinyText() as unknown as Tree;
  const create = (tree: Tree) => addon.createTextNetwork(anything(tree));

  test.each(pathsOf(options))('options without `%s`, or with another kind of it', async (path) => {
    await expect(create(withValue(options, path, undefined))).rejects.toMatchObject(
      refusal(path, 'undefined'),
    );
    const { wrong, shown } = otherKind(options, path);
    await expect(create(withValue(options, path, wrong))).rejects.toMatchObject(refusal(path, shown));
  });

  test('an unknown option, and options that are none', async () => {
    const unknown = { code: 'USAGE', message: '`tall` is not an option' };
    await expect(create({ ...options, tall: 1 })).rejects.toMatchObject(unknown);
    for (const none of [undefined, null, [options], 'tall'])
      await expect(create(anything(none))).rejects.toMatchObject({
        message: expect.stringMatching(/^`options` must be an object/),
      });
  });

  test.each([
    ['architecture', 'lstm', "'lstm'"],
    ['vocabularySize', 0, '0'],
    ['vocabularySize', 2 ** 40, '1099511627776'],
    ['length', 0, '0'],
    ['length', 1.5, '1.5'],
    ['convolutionSize', 0, '0'],
    ['embeddingSize', 0, '0'],
    ['embeddingSize', -8, '-8'],
    ['dropout', 1, '1.000000'],
    ['dropout', -0.1, '-0.100000'],
    ['dropout', Number.NaN, 'NaN'],
    ['dtype', 'float16', "'float16'"],
    ['device', 'tpu', "'tpu'"],
    ['precision', 'double', "'double'"],
    ['deterministic', 1, '1'],
  ])('`%s` = %p', async (key, value, shown) => {
    await expect(create({ ...options, [key]: value })).rejects.toMatchObject(refusal(key, shown));
  });

  // the shortest texts that leave a step: one less is refused
  test.each([
    ['char-cnn-rnn', 66],
    ['char-cnn-gru', 48],
    ['word-cnn-rnn', 9],
  ])('a text too short for %s', async (architecture, length) => {
    const [fits, short] = [length, length - 1].map((size) =>
      create({ ...options, architecture, length: size }),
    );
    await expect(short).rejects.toMatchObject(refusal('length', `${length - 1}`));
    await addon.disposeHandle(await fits!);
  });

  test.each([
    ['another count', () => new Int32Array(textLength + 1), `${textLength + 1} numbers`],
    ['none', () => new Int32Array(), '0 numbers'],
    ['an array', () => Array(textLength).fill(1), 'an array'],
    ['another kind of array', () => new Uint32Array(textLength), 'a typed array of another kind'],
    [
      'one past the vocabulary',
      () => tinyTokens(20).fill(vocabularySize + 1, 239, 240),
      `${vocabularySize + 1}`,
    ],
    ['a negative one', () => tinyTokens(2).fill(-1, 5, 6), '-1'],
    ['nothing', () => undefined, 'undefined'],
  ])('tokens: %s', async (_, tokens, shown) => {
    const encode = addon.textNetworkEncode(network, anything(tokens()));
    await expect(encode).rejects.toMatchObject(refusal('tokens', shown));
  });

  test('tensors of another name or size', async () => {
    const write = (name: unknown, size: number) =>
      addon.textNetworkWriteState(network, anything(name), new Uint8Array(size));
    const names = addon.textNetworkManifest(network).map(({ name }) => name);
    expect(names).toEqual(['emb_proj.weight', 'emb_proj.bias']);
    await expect(write('conv1.weight', 4)).rejects.toMatchObject(refusal('name', '"conv1.weight"'));
    await expect(write(7, 4)).rejects.toMatchObject(refusal('name', '7'));
    for (const size of [0, 31, 33])
      await expect(write('emb_proj.bias', size)).rejects.toThrow(/emb_proj\.bias/);
  });
});

test('handles of another kind, and a disposed one', async () => {
  const tokens = tinyTokens(1);
  const features = await addon.createFeatureNetwork({
    ...{ architecture: 'googlenet-small', inputSize: 32, heads: [], dtype: 'float32' },
    ...{ device: testDevice, precision: 'ieee', deterministic: true },
  });
  for (const wrong of [features, {}, undefined, 3]) {
    expect(() => addon.textNetworkManifest(anything(wrong))).toThrow(
      '`network` must be a handle from createTextNetwork',
    );
    const calls = [
      addon.textNetworkEncode(anything(wrong), tokens),
      addon.textNetworkWriteState(anything(wrong), 'emb_proj.bias', new Uint8Array(32)),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'USAGE' });
  }
  expect(() => addon.featureNetworkManifest(anything(network))).toThrow('but is a foreign handle instead');
  expect(() => addon.trainerManifest(anything(network))).toThrow('but is a foreign handle instead');
  await addon.disposeHandle(features);
  const other = await addon.createTextNetwork(tinyText());
  const encoding = addon.textNetworkEncode(other, tokens);
  await addon.disposeHandle(other);
  await addon.disposeHandle(other);
  await expect(encoding).resolves.toHaveLength(8);
  const disposed = { code: 'DISPOSED', message: 'the network is disposed' };
  expect(() => addon.textNetworkManifest(other)).toThrow(disposed.message);
  await expect(addon.textNetworkEncode(other, tokens)).rejects.toMatchObject(disposed);
  await expect(addon.textNetworkWriteState(other, 'emb_proj.bias', tokens as never)).rejects.toMatchObject(
    disposed,
  );
});
