import { CATALOGUE, type Species } from '../../data/flowers/catalogue';
import { renderFlower } from '../../data/flowers/render';
import { drawVariation } from '../../data/flowers/variation';
import { PhiloxStream, PURPOSE } from '../../data/philox';
import { EVALUATION_PASS } from '../statistics';
import type { LabeledPicture } from './disturb';
import { READER_SIZE } from './features';

/** The side at which flowers are stored and of which a model is shown 64. */
const RENDER_SIZE = 76;

/** A render with its mask, cut to 64x64 at a random place as a trainer does. */
export interface ReaderPicture extends LabeledPicture {
  species: Species;
}

/** Renders `perSpecies` pictures of every species, in turn. Same seed, same pictures. */
export async function renderReaderPictures(
  species: readonly Species[],
  perSpecies: number,
  seed: number,
): Promise<ReaderPicture[]> {
  const pictures: ReaderPicture[] = [];
  for (let round = 0; round < perSpecies; round++) {
    for (const one of species) {
      const image = round * CATALOGUE.length + one.id;
      const flower = await renderFlower(one.attributes, drawVariation(seed, image), RENDER_SIZE);
      const random = new PhiloxStream(seed, PURPOSE.evaluation, { pass: EVALUATION_PASS.crops, row: image });
      const x = random.below(RENDER_SIZE - READER_SIZE + 1);
      const y = random.below(RENDER_SIZE - READER_SIZE + 1);
      pictures.push({
        species: one,
        rgb: crop(flower.pixels, RENDER_SIZE, x, y, READER_SIZE, 3),
        mask: crop(flower.mask, RENDER_SIZE, x, y, READER_SIZE, 1),
      });
    }
  }
  return pictures;
}

/** The square of side `size` at `(x, y)` of a square picture with `channels` bytes a pixel. */
export function crop(
  bytes: Uint8Array,
  side: number,
  x: number,
  y: number,
  size: number,
  channels: number,
): Uint8Array {
  const out = new Uint8Array(size * size * channels);
  for (let row = 0; row < size; row++) {
    const from = ((y + row) * side + x) * channels;
    out.set(bytes.subarray(from, from + size * channels), row * size * channels);
  }
  return out;
}
