import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openEncoderFile } from '../../ts/models/encoder-file';
import { florigen, jsonLines, root } from './run-florigen';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-import-cli-'));
  for (const name of ['char-cnn-rnn.t7', 'refused-unknown-class.t7'])
    fs.writeFileSync(
      path.join(folder, name),
      gunzipSync(fs.readFileSync(path.join(root, 'test/formats/fixtures/encoders', `${name}.gz`))),
    );
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

test('a file with an unknown class is refused in one sentence', async () => {
  const args = ['encoder', 'import', 'refused-unknown-class.t7', '--out', 'none.safetensors'];
  const { code, stdout, stderr } = await florigen(args, { cwd: folder });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^florigen: `refused-unknown-class\.t7` must be .* holds my\.Attention, .*\(DATA\)\n/,
  );
  expect(fs.existsSync(path.join(folder, 'none.safetensors'))).toBe(false);
});
