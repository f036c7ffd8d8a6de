import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openEncoderFile } from '../../ts/models/encoder-file';
import { expectedOf, fixtureCaptions, relativeError, unpackEncoder } from '../support/encoder-fixtures';
import { florigen, jsonLines } from './run-florigen';

const files = [
  'char-cnn-rnn.t7',
  'char-cnn-rnn.pth',
  'word-cnn-rnn.t7',
  'refused-unknown-class.t7',
  'refused-another-layer.t7',
  'refused-other.pth',
];
let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-import-cli-'));
  for (const name of files) unpackEncoder(folder, name);
  const whole = fs.readFileSync(path.join(folder, 'char-cnn-rnn.t7'));
  fs.writeFileSync(path.join(folder, 'cut.t7'), whole.subarray(0, whole.length / 2));
  fs.writeFileSync(path.join(folder, 'picture.t7'), Buffer.from('\x89PNG\r\n\x1a\n'.repeat(9), 'latin1'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

test('encoder import says what it found, and writes it', async () => {
  const args = ['encoder', 'import', 'char-cnn-rnn.t7', '--out', 'encoder.safetensors'];
  const { code, stdout, stderr } = await florigen(args, { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/found +char-cnn-rnn: .*embeddingSize 32/);
  expect(stdout).toMatch(/rnn\.h2h\.weight +\[16, 16\] +torch\.FloatTensor +protos\.enc_doc\.modules\[4\]/);
  expect(stdout).toMatch(/ignored +protos\.enc_image/);
  expect(stdout).toContain('encoder.safetensors holds the encoder.');
  const { textEncoder } = await openEncoderFile(path.join(folder, 'encoder.safetensors'));
  expect(stdout).toContain(textEncoder.fingerprint);

  const again = await florigen(args, { cwd: folder });
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('`--out` must name a new file')]);
});

test('encoder import without --out writes nothing; --json is the report', async () => {
  const before = fs.readdirSync(folder);
  const { code, stdout } = await florigen(['encoder', 'import', 'char-cnn-rnn.t7', '--json'], {
    cwd: folder,
  });
  expect(code).toBe(0);
  expect(jsonLines(stdout)).toEqual([
    expect.objectContaining({ event: 'encoder', id: 'char-cnn-rnn', out: null, parameters: 928_720 }),
  ]);
  expect(fs.readdirSync(folder)).toEqual(before);
});

// A prompt has no tab and no space at its end; of words the fixture's own rule is another than florigen's.
test.each([
  ['char-cnn-rnn.pth', 'char-cnn-rnn', [0, 1, 2, 5, 6], []],
  ['char-cnn-rnn.t7', 'char-cnn-rnn/lower', [0, 1, 2, 4, 5, 6], ['--lower-case']],
  ['word-cnn-rnn.t7', 'word-cnn-rnn', [0, 2], []],
])('%s as %s: what encoder import wrote embeds as PyTorch does', async (name, id, rows, flags) => {
  const out = `${id.replace('/', '-')}.safetensors`;
  const imported = await florigen(['encoder', 'import', name, '--out', out, ...flags], { cwd: folder });
  expect(imported).toMatchObject({ code: 0, stderr: '' });
  const texts = rows.map((row) => fixtureCaptions[row]!);
  const { code, stdout } = await florigen(['encoder', 'embed', out, '--json', '--', ...texts], {
    cwd: folder,
  });
  expect(code).toBe(0);
  const found = jsonLines(stdout).filter(({ event }) => event === 'embedding');
  expect(found.map(({ text }) => text)).toEqual(texts.map((text) => text.replace('\t', ' ').trim()));
  const { embeddings } = await expectedOf(id);
  for (const [i, { embedding }] of found.entries()) {
    const due = embeddings.subarray(rows[i]! * 32, (rows[i]! + 1) * 32);
    expect(relativeError(embedding as number[], due, 32)).toBeLessThan(1e-5);
  }
});

test.each([
  ['refused-unknown-class.t7', /holds my\.Attention, /],
  ['refused-another-layer.t7', /its layers are conv4 .*, which no encoder of the authors has/],
  ['refused-other.pth', /`conv1\.weight` is missing/],
  ['cut.t7', /./],
  ['picture.t7', /./],
  ['nowhere.t7', /there is no such file/],
])('%s is refused in one sentence, and nothing is written', async (name, says) => {
  const args = ['encoder', 'import', name, '--out', 'none.safetensors'];
  const { code, stdout, stderr } = await florigen(args, { cwd: folder });
  expect([code, stdout]).toEqual([1, '']);
  const [sentence, ...more] = stderr.trimEnd().split('\n');
  expect(sentence).toMatch(
    /^florigen: `[^`]+` must be a text encoder of Torch7 or PyTorch, but .+ \(DATA\)$/,
  );
  expect(sentence).toMatch(says);
  expect(sentence).toContain(name);
  expect(more.join('')).not.toMatch(/^ +at /);
  expect(fs.existsSync(path.join(folder, 'none.safetensors'))).toBe(false);
});
