import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  readFloat32,
  readInt32,
  readSafetensorsHeader,
  type SafetensorsFile,
} from '../../ts/formats/safetensors';

const fixtures = path.join(__dirname, '../formats/fixtures/encoders');

/** The sentences whose tokens and embeddings PyTorch computed. */
export const fixtureCaptions: string[] = JSON.parse(
  fs.readFileSync(path.join(fixtures, 'captions.json'), 'utf8'),
).captions;

/** The files of others' encoders, and what they are. */
export const importedEncoders = [
  ['char-cnn-rnn.t7', 'char-cnn-rnn'],
  ['char-cnn-gru.t7', 'char-cnn-gru'],
  ['word-cnn-rnn.t7', 'word-cnn-rnn'],
  ['char-cnn-rnn.pth', 'char-cnn-rnn'],
  ['char-cnn-gru.pth', 'char-cnn-gru'],
] as const;

/** Writes a fixture, unpacked, into a folder. @returns its path */
export function unpackEncoder(folder: string, name: string): string {
  const file = path.join(folder, name);
  if (!fs.existsSync(file))
    fs.writeFileSync(file, gunzipSync(fs.readFileSync(path.join(fixtures, `${name}.gz`))));
  return file;
}

/** What PyTorch computed for the encoder `id`: tokens [captions, length] and embeddings [captions, 32]. */
export async function expectedOf(id: string): Promise<{ tokens: Int32Array; embeddings: Float32Array }> {
  const file: SafetensorsFile = await readSafetensorsHeader(path.join(fixtures, 'expected.safetensors'));
  return {
    tokens: await readInt32(file, `${id}/tokens`),
    embeddings: await readFloat32(file, `${id}/embeddings`),
  };
}

/** The largest difference of rows of `width` numbers, as a share of the largest number of the row. */
export function relativeError(actual: ArrayLike<number>, expected: Float32Array, width: number): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let first = 0; first < expected.length; first += width) {
    const row = expected.subarray(first, first + width);
    const scale = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    row.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(actual[first + i]! - value) / scale);
    });
  }
  return worst;
}
