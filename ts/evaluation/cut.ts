import type { PhiloxStream } from '../data/philox';
import type { Painting } from './painter';
import { READER_SIZE } from './reader/features';

/** The side at which flowers are stored and of which a model is shown 64. */
export const STORED_SIZE = 76;

/** A picture as a trainer shows it: cut to 64x64 at a random place and mirrored at random. */
export function cutAsTrained(pixels: Uint8Array, side: number, random: PhiloxStream): Painting {
  const x = random.below(side - READER_SIZE + 1);
  const y = random.below(side - READER_SIZE + 1);
  const cut = crop(pixels, { side, x, y, channels: 3 });
  return { rgb: random.uniform() < 0.5 ? mirror(cut) : cut, side: READER_SIZE };
}

/** The 64x64 square at `(x, y)` of a square picture with `channels` bytes a pixel. */
export function crop(
  bytes: Uint8Array,
  { side, x, y, channels }: { side: number; x: number; y: number; channels: number },
): Uint8Array {
  const out = new Uint8Array(READER_SIZE * READER_SIZE * channels);
  for (let row = 0; row < READER_SIZE; row++) {
    const from = ((y + row) * side + x) * channels;
    out.set(bytes.subarray(from, from + READER_SIZE * channels), row * READER_SIZE * channels);
  }
  return out;
}

function mirror(rgb: Uint8Array): Uint8Array {
  const out = new Uint8Array(rgb.length);
  for (let p = 0; p < READER_SIZE * READER_SIZE; p++) {
    const x = p % READER_SIZE;
    const from = (p - x + READER_SIZE - 1 - x) * 3;
    out.set(rgb.subarray(from, from + 3), p * 3);
  }
  return out;
}
