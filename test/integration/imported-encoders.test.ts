/** Others' encoders through import, file and engine: the tokens and embeddings that PyTorch computed. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { importTextEncoder, loadTextEncoder, type TextEncoder } from '../../ts/index';
import { openEngine } from '../../ts/models/engine';
import { textArchitectures } from '../../ts/models/text-architectures';
import { createTokenizer, type TokenizerOptions, tokensOf } from '../../ts/models/tokenizer';
import { nativeTextNetwork } from '../../ts/models/trained-encoder';
import {
  expectedOf,
  fixtureCaptions,
  importedEncoders,
  relativeError,
  unpackEncoder,
} from '../support/encoder-fixtures';

const width = 32;
const tolerance = 1e-5;
let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-imported-'));
  openEngine({ device: 'cpu', threads: 1 });
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function imported(name: string, lowerCase = false): Promise<TextEncoder> {
  const out = path.join(folder, `${name}-${lowerCase}.safetensors`);
  const { fingerprint } = await importTextEncoder(unpackEncoder(folder, name), { out, lowerCase });
  const encoder = await loadTextEncoder(out);
  expect(encoder.fingerprint).toBe(fingerprint);
  return encoder;
}

function tokenizerOf({ id, options }: TextEncoder) {
  const kind = textArchitectures[id as keyof typeof textArchitectures].tokens;
  return createTokenizer(kind, options as TokenizerOptions);
}

test.each(importedEncoders.filter(([, id]) => id !== 'word-cnn-rnn'))(
  '%s embeds as PyTorch does',
  async (name, id) => {
    const encoder = await imported(name);
    const expected = await expectedOf(id);
    expect(await tokensOf(tokenizerOf(encoder), fixtureCaptions)).toEqual(expected.tokens);
    const { data, shape } = (await encoder.encode(fixtureCaptions)).sentence;
    expect(shape).toEqual([fixtureCaptions.length, width]);
    expect(relativeError(data, expected.embeddings, width)).toBeLessThan(tolerance);
    await encoder.dispose?.();
  },
);

test('with `lowerCase` capital letters are folded and unknown characters are spaces, as in the PyTorch port', async () => {
  const encoder = await imported('char-cnn-rnn.pth', true);
  const expected = await expectedOf('char-cnn-rnn/lower');
  expect(await tokensOf(tokenizerOf(encoder), fixtureCaptions)).toEqual(expected.tokens);
  const { data } = (await encoder.encode(fixtureCaptions)).sentence;
  expect(relativeError(data, expected.embeddings, width)).toBeLessThan(tolerance);
  const plain = await imported('char-cnn-rnn.pth');
  expect(plain.fingerprint).not.toBe(encoder.fingerprint);
  const other = (await plain.encode(fixtureCaptions)).sentence.data;
  expect(relativeError(other, expected.embeddings, width)).toBeGreaterThan(100 * tolerance);
  for (const one of [encoder, plain]) await one.dispose?.();
});

test('the network of words embeds as PyTorch does, and plain sentences have its tokens', async () => {
  const encoder = await imported('word-cnn-rnn.t7');
  const expected = await expectedOf('word-cnn-rnn');
  const tokenizer = tokenizerOf(encoder);
  // The tokens of the fixture themselves: the authors published word ids, and no rule that makes them of a text.
  const { addon } = openEngine({ device: 'cpu' });
  const network = await addon.createTextNetwork(
    nativeTextNetwork('word-cnn-rnn', encoder.options, tokenizer),
  );
  for (const { name, data } of encoder.tensors!())
    await addon.textNetworkWriteState(network, name, data as Uint8Array);
  const embedded = await addon.textNetworkEncode(network, expected.tokens);
  expect(relativeError(embedded, expected.embeddings, width)).toBeLessThan(tolerance);
  await addon.disposeHandle(network);

  const { length } = tokenizer;
  for (const row of [0, 2, 3]) {
    const place = [row * length, (row + 1) * length] as const;
    expect(await tokensOf(tokenizer, [fixtureCaptions[row]!])).toEqual(expected.tokens.slice(...place));
    const { data } = (await encoder.encode([fixtureCaptions[row]!])).sentence;
    const due = expected.embeddings.subarray(row * width, (row + 1) * width);
    expect(relativeError(data, due, width)).toBeLessThan(tolerance);
  }
  await encoder.dispose?.();
});

test('both kinds of file give the same encoder', async () => {
  for (const id of ['char-cnn-rnn', 'char-cnn-gru']) {
    const [torch7, pytorch] = await Promise.all(['t7', 'pth'].map((kind) => imported(`${id}.${kind}`)));
    expect(torch7!.fingerprint).toBe(pytorch!.fingerprint);
  }
});

test('`lowerCase` is refused for an encoder of words', async () => {
  await expect(
    importTextEncoder(unpackEncoder(folder, 'word-cnn-rnn.t7'), { lowerCase: true }),
  ).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('`lowerCase` must be false') });
});

describe('a damaged encoder of florigen is refused', () => {
  test.each([
    [
      'a bit of a weight',
      (bytes: Buffer) => bytes.fill(bytes.at(-9)! ^ 1, bytes.length - 9, bytes.length - 8),
    ],
    ['its end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40)],
    ['its header', (bytes: Buffer) => bytes.fill(0x5b, 8, 9)],
  ])('%s', async (_, damage) => {
    const out = path.join(folder, 'whole.safetensors');
    await importTextEncoder(unpackEncoder(folder, 'word-cnn-rnn.t7'), { out });
    const damaged = path.join(folder, 'damaged.safetensors');
    fs.writeFileSync(damaged, damage(fs.readFileSync(out)));
    const error = await loadTextEncoder(damaged).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'CHECKPOINT' });
    expect(error.message).toMatch(/damaged\.safetensors[^\n]*\.$/);
  });
});
