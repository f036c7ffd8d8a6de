import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  readFloat32,
  readSafetensorsHeader,
  readTensor,
  type SafetensorsFile,
  verifyContent,
} from '../../../ts/formats/safetensors';
import { type TensorSource, writeSafetensors } from '../../../ts/formats/safetensors-writer';
import { openT7 } from '../../../ts/formats/t7/file';
import { T7Object, T7Table, type T7Tensor, type T7Value } from '../../../ts/formats/t7/values';
import { encoderFileWeights, openEncoderFile } from '../../../ts/models/encoder-file';
import { findEncoder } from '../../../ts/models/encoder-import/find-encoder';
import { importTextEncoder } from '../../../ts/models/encoder-import/import-encoder';

const fixtures = path.join(__dirname, '../../formats/fixtures/encoders');

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-import-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function unpacked(name: string): string {
  const file = path.join(folder, name);
  if (!fs.existsSync(file))
    fs.writeFileSync(file, gunzipSync(fs.readFileSync(path.join(fixtures, `${name}.gz`))));
  return file;
}

const encoders = {
  'char-cnn-rnn': { vocabularySize: 70, recurrenceSize: 16, embeddingSize: 32 },
  'char-cnn-gru': { vocabularySize: 70, recurrenceSize: 16, embeddingSize: 32 },
  'word-cnn-rnn': { vocabularySize: 20, recurrenceSize: 16, embeddingSize: 32 },
};

describe('encoders in the layouts of the released files', () => {
  let expected: SafetensorsFile;
  beforeAll(async () => {
    expected = await readSafetensorsHeader(path.join(fixtures, 'expected.safetensors'));
  });

  test.each([
    ['char-cnn-rnn', 'char-cnn-rnn.t7'],
    ['char-cnn-gru', 'char-cnn-gru.t7'],
    ['word-cnn-rnn', 'word-cnn-rnn.t7'],
    ['char-cnn-rnn', 'char-cnn-rnn.pth'],
    ['char-cnn-gru', 'char-cnn-gru.pth'],
  ] as const)('%s from %s: sizes and weights', async (id, name) => {
    const found = await findEncoder(unpacked(name));
    expect([found.architecture.id, found.sizes]).toEqual([id, encoders[id]]);
    let compared = 0;
    for (const { part, shape, read } of found.tensors) {
      const numbers = await read();
      expect(numbers).toHaveLength(shape.reduce((product, size) => product * size, 1));
      if (!expected.tensors.has(`${id}/${part}`)) continue;
      expect([part, shape]).toEqual([part, expected.tensors.get(`${id}/${part}`)!.shape]);
      expect([part, numbers]).toEqual([part, await readFloat32(expected, `${id}/${part}`)]);
      compared++;
    }
    expect(compared).toBe(id === 'char-cnn-gru' ? 17 : 9);
  });

  test.each(['char-cnn-rnn', 'char-cnn-gru'])('%s: both kinds of file give the same weights', async (id) => {
    const [torch7, pytorch] = await Promise.all(
      ['t7', 'pth'].map((kind) => findEncoder(unpacked(`${id}.${kind}`))),
    );
    expect(torch7!.tensors.map(({ part }) => part)).toEqual(pytorch!.tensors.map(({ part }) => part));
    for (const [i, { read }] of torch7!.tensors.entries())
      expect(await read()).toEqual(await pytorch!.tensors[i]!.read());
  });

  test('parts stand where the converter of the PyTorch port looks for them', async () => {
    const places = async (name: string) => {
      const { tensors } = await findEncoder(unpacked(name));
      return Object.fromEntries(tensors.map(({ part, from }) => [part, from]));
    };
    // Its indices count from 0, and Lua's from 1.
    expect(await places('char-cnn-rnn.t7')).toMatchObject({
      'conv1.weight': 'protos.enc_doc.modules[2].modules[1].weight',
      'conv2.weight': 'protos.enc_doc.modules[2].modules[4].weight',
      'conv3.bias': 'protos.enc_doc.modules[2].modules[7].bias',
      'rnn.i2h.weight': 'protos.enc_doc.modules[4].modules[2].modules[1].weight',
      'rnn.h2h.weight': 'protos.enc_doc.modules[4].modules[6].modules[1].weight',
      'emb_proj.bias': 'protos.enc_doc.modules[6].bias',
    });
    const gru = (index: number) => `modules[4].modules[${index + 1}].modules[1].weight`;
    expect(await places('char-cnn-gru.t7')).toMatchObject({
      'rnn.i2h.weight': gru(1),
      'rnn.i2h_update.weight': gru(4),
      'rnn.h2h_update.weight': gru(5),
      'rnn.i2h_reset.weight': gru(9),
      'rnn.h2h_reset.weight': gru(10),
      'rnn.h2h.weight': gru(14),
    });
  });

  test('what is found beside the weights is reported', async () => {
    expect(await findEncoder(unpacked('char-cnn-rnn.t7'))).toMatchObject({
      layout: 'protos.enc_doc of a Torch7 checkpoint',
      dropout: 0,
      training: { i: 16400, epoch: 200, val_loss: 0, 'opt.learning_rate': 0.0007, 'opt.savefile': 'sje' },
      ignored: [
        'protos.enc_image',
        'train_losses (a table of 3)',
        'val_losses (a table of 1)',
        expect.stringMatching(/^\d+ buffers of training/),
      ],
    });
    const gru = await findEncoder(unpacked('char-cnn-gru.t7'));
    expect(gru).toMatchObject({ layout: 'a bare Torch7 network', dropout: 0.5, training: {} });
    expect(gru.tensors[0]!.type).toBe('torch.CudaTensor');
    const { words } = JSON.parse(fs.readFileSync(path.join(fixtures, 'captions.json'), 'utf8'));
    expect((await findEncoder(unpacked('word-cnn-rnn.t7'))).vocabulary).toEqual(words);
  });
});

describe('importTextEncoder', () => {
  test('writes a file with every weight, and the same encoder from either kind of file', async () => {
    const written = await Promise.all(
      ['char-cnn-rnn.t7', 'char-cnn-rnn.pth'].map(async (name) => {
        const out = path.join(folder, `${name}.safetensors`);
        const report = await importTextEncoder(unpacked(name), { out });
        return { report, file: await openEncoderFile(out) };
      }),
    );
    for (const { report, file } of written) {
      await verifyContent(file.file);
      const { id, options, fingerprint } = report;
      expect(file.textEncoder).toEqual({ id, options, fingerprint });
      expect(report).toMatchObject({
        id: 'char-cnn-rnn',
        parameters: 928_720,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect([...encoderFileWeights(file).names].sort()).toEqual(
        report.tensors.map(({ name }) => name).sort(),
      );
      const { tensors } = await findEncoder(report.path);
      for (const [i, { name }] of report.tensors.entries()) {
        const bytes = await readTensor(file.file, `encoder.${name}`);
        expect(new Float32Array(bytes.buffer as ArrayBuffer)).toEqual(await tensors[i]!.read());
      }
    }
    const [torch7, pytorch] = written;
    expect(torch7!.report.fingerprint).toBe(pytorch!.report.fingerprint);
    expect(torch7!.file.provenance.imported).toMatchObject({ training: { i: 16400, 'opt.symmetric': 1 } });
    expect(JSON.stringify(torch7!.file.provenance)).not.toContain('data/flowers');
  });

  test('another weight, another fingerprint; one that is not finite is refused', async () => {
    const source = unpacked('char-cnn-rnn.t7');
    const place = weightPosition((await openT7(source)).root);
    const changed = path.join(folder, 'changed.t7');
    const bytes = fs.readFileSync(source);
    bytes.writeFloatLE(3, place);
    fs.writeFileSync(changed, bytes);
    const fingerprints = [source, changed].map(async (name) => (await importTextEncoder(name)).fingerprint);
    expect(new Set(await Promise.all(fingerprints)).size).toBe(2);
    bytes.writeFloatLE(Number.NaN, place);
    fs.writeFileSync(changed, bytes);
    await expect(importTextEncoder(changed)).rejects.toMatchObject({
      code: 'DATA',
      message: expect.stringContaining('modules[1].weight holds a number that is not finite'),
    });
  });
});

/** Where the first number of the first convolution stands. */
function weightPosition(root: T7Value): number {
  const seen = new Set<T7Value>([root]);
  for (const value of seen) {
    if (value instanceof T7Object && value.className === 'nn.TemporalConvolution')
      return (value.get('weight') as T7Tensor).storage!.position;
    if (value instanceof T7Object) seen.add(value.fields);
    if (value instanceof T7Table) for (const inner of value.entries.values()) seen.add(inner);
  }
  throw new Error('has no convolution');
}

function zeros(name: string, shape: number[]): TensorSource {
  const data = new Uint8Array(4 * shape.reduce((product, size) => product * size, 1));
  return { name, dtype: 'F32', shape, data };
}

describe('files without an encoder that florigen knows', () => {
  test.each([
    [
      'another-layer.t7',
      /its layers are conv4 threshold pool5\/5 pool3\/3 .*, which no encoder of the authors has/,
    ],
    ['another-stride.t7', /its layers are conv4\/2 threshold/],
    ['another-threshold.t7', /its layers are conv4 threshold\(0\.1, 0\)/],
    [
      'narrow.t7',
      /modules\[2\]\.modules\[1\]\.weight has the shape \[4, 5, 4\], where char-cnn-rnn has \[384, 5, 4\]/,
    ],
    ['unshared-step.t7', /has 3 different linear layers, where the steps of char-cnn-rnn share 2/],
    ['seven-steps.t7', /does not compute the recurrence of char-cnn-rnn in 8 steps/],
    ['rnn-without-pool.t7', /has 2 different linear layers, where the steps of char-cnn-gru share 6/],
    ['last-step.t7', /ends with the last step of its recurrence/],
    ['unknown-class.t7', /its recurrent graph holds my\.Attention, which no encoder of the authors has/],
    ['no-recurrence.t7', /it holds nn\.Sequential, where a text encoder is an nn\.gModule/],
    ['generator.t7', /a table without `protos\.enc_doc` \(its keys: netG, opt\)/],
    ['no-vocabulary.t7', /has no table `vocab`/],
    ['bad-vocabulary.t7', /its `vocab` gives place 1 of 2, or gives it twice/],
    ['tensor.t7', /it holds a torch\.FloatTensor of 2/],
    ['other.pth', /`conv1\.weight` is missing among 2 \(fc\.weight, fc\.bias\)/],
    ['narrow.pth', /its `conv1\.weight` has the shape \[4, 5, 4\], where char-cnn-rnn has \[384, 5, 4\]/],
    ['list.pth', /it holds no dict of tensors/],
  ])('%s', async (name, says) => {
    const error = await findEncoder(unpacked(`refused-${name}`)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'DATA', message: expect.stringMatching(says) });
    expect((error as Error).message).toMatch(/^`.+` must be a text encoder of Torch7 or PyTorch, but .+\.$/);
  });

  test('a network of more channels than there are characters', async () => {
    const layers = { conv1: [384, 71, 4], conv2: [512, 384, 4], conv3: [4, 512, 4], emb_proj: [6, 4] };
    const tensors = Object.entries({ ...layers, 'rnn.i2h': [4, 4], 'rnn.h2h': [4, 4] }).flatMap(
      ([name, shape]) => [zeros(`${name}.weight`, shape), zeros(`${name}.bias`, [shape[0]!])],
    );
    const file = path.join(folder, 'wide.safetensors');
    await writeSafetensors(file, { tensors });
    await expect(findEncoder(file)).rejects.toMatchObject({
      code: 'DATA',
      message: expect.stringContaining('it reads 71 channels, where char-cnn-rnn reads 70 characters'),
    });
  });

  test('altered bytes end in an encoder or in our own error, on one line', async () => {
    const good = gunzipSync(fs.readFileSync(path.join(fixtures, 'refused-narrow.t7.gz')));
    const name = path.join(folder, 'altered.t7');
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const said = new Set<string>();
    for (let round = 0; round < 300; round++) {
      const bad = Buffer.from(good);
      for (let i = 0; i < 20; i++) bad[random(bad.length)] = random(256);
      fs.writeFileSync(name, bad);
      const error = (await findEncoder(name).catch((thrown: unknown) => thrown)) as Error;
      expect(error).toMatchObject({ code: 'DATA' });
      expect(error.message).not.toMatch(/\p{Cc}/u);
      said.add(error.message.replace(/\d+/g, 'N'));
    }
    expect(said.size).toBeGreaterThan(20);
  });

  test.each(['char-cnn-rnn.t7', 'char-cnn-rnn.pth', 'char-cnn-gru.pth'])('%s, cut short', async (name) => {
    const whole = fs.readFileSync(unpacked(name));
    const cut = path.join(folder, `cut-${name}`);
    for (const share of [0.001, 0.3, 0.9, 0.9999]) {
      fs.writeFileSync(cut, whole.subarray(0, Math.floor(share * whole.length)));
      await expect(findEncoder(cut)).rejects.toMatchObject({ code: 'DATA' });
    }
  });
});
