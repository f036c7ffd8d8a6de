import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TensorSource } from '../../../ts/formats/safetensors-writer';
import { trainedFingerprint, writeEncoderFile } from '../../../ts/models/encoder-file';
import { loadTextEncoder } from '../../../ts/models/text-encoders';
import { textNetworkTensors } from '../../../ts/models/text-network-sizes';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-trained-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function zeros(name: string, shape: number[]): TensorSource {
  const data = new Uint8Array(4 * shape.reduce((product, size) => product * size, 1));
  return { name, dtype: 'F32', shape, data };
}

describe('an encoder of florigen whose weights are not those of its options is refused before it is made', () => {
  const options = { convolutionSize: 2, embeddingSize: 3, length: 30, vocabulary: ['red', 'blue'] };
  const id = 'word-cnn-rnn' as const;
  const own = () =>
    textNetworkTensors({ ...options, architecture: id, vocabularySize: 2 }).map(({ name, shape }) =>
      zeros(name, shape),
    );

  async function load(tensors: TensorSource[], changed: object = {}, architecture: string = id) {
    const file = path.join(folder, 'own.safetensors');
    const given = { ...options, ...changed };
    const weights = tensors.map(({ name, shape, data }) => ({ name, shape, bytes: data as Uint8Array }));
    const fingerprint = trainedFingerprint(architecture, given, weights);
    await writeEncoderFile(file, {
      textEncoder: { id: architecture, options: given, fingerprint },
      provenance: { florigen: '0', trainedClasses: [], catalogueVersion: null },
      tensors,
    });
    return await loadTextEncoder(file);
  }

  test('the whole one is read', async () => {
    expect((await load(own())).tensors!()).toHaveLength(12);
  });

  const refusals: [what: string, tensors: () => TensorSource[], changed: object, says: string][] = [
    [
      'a larger embedding',
      own,
      { embeddingSize: 65_536 },
      'emb_proj.weight of shape [65536, 2], but has [3, 2]',
    ],
    [
      'a wider recurrence',
      own,
      { convolutionSize: 16_384 },
      'conv3.weight of shape [16384, 512, 2], but has [2, 512, 2]',
    ],
    [
      'more words',
      own,
      { vocabulary: ['a', 'b', 'c'] },
      'conv1.weight of shape [512, 3, 3], but has [512, 2, 3]',
    ],
    [
      'a tensor that is not there',
      () => own().slice(1),
      {},
      'conv1.weight of shape [512, 2, 3], but has none',
    ],
    [
      'a tensor too many',
      () => [...own(), zeros('more', [1])],
      {},
      'the 12 tensors of word-cnn-rnn, but has 13',
    ],
  ];
  test.each(refusals)('%s', async (_, tensors, changed, says) => {
    const error = await load(tensors(), changed).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CHECKPOINT', message: expect.stringContaining(says) });
    expect((error as Error).message).toMatch(/^The text encoder of `.+own\.safetensors` must have .+\.$/);
  });

  test('another architecture', async () => {
    await expect(
      load(own(), { vocabulary: undefined, lowerCase: false }, 'char-cnn-gru'),
    ).rejects.toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringContaining('conv1.weight of shape [384, 70, 4], but has [512, 2, 3]'),
    });
  });
});
