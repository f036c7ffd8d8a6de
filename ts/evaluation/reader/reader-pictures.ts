import { CATALOGUE, type Species } from '../../data/flowers/catalogue';
import { renderFlower } from '../../data/flowers/render';
import { drawVariation } from '../../data/flowers/variation';
import { PhiloxStream, PURPOSE } from '../../data/philox';
import { crop, STORED_SIZE } from '../cut';
import { EVALUATION_PASS } from '../statistics';
import type { LabeledPicture } from './disturb';
import { READER_SIZE } from './features';

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
      const flower = await renderFlower(one.attributes, drawVariation(seed, image), STORED_SIZE);
      const random = new PhiloxStream(seed, PURPOSE.evaluation, { pass: EVALUATION_PASS.crops, row: image });
      const x = random.below(STORED_SIZE - READER_SIZE + 1);
      const y = random.below(STORED_SIZE - READER_SIZE + 1);
      pictures.push({
        species: one,
        rgb: crop(flower.pixels, { side: STORED_SIZE, x, y, channels: 3 }),
        mask: crop(flower.mask, { side: STORED_SIZE, x, y, channels: 1 }),
      });
    }
  }
  return pictures;
}
