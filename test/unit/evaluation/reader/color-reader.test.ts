import { CATALOGUE, CATALOGUE_VERSION } from '../../../../ts/data/flowers/catalogue';
import { PhiloxStream, PURPOSE } from '../../../../ts/data/philox';
import { hasCode } from '../../../../ts/errors';
import type { ColorReader } from '../../../../ts/evaluation/reader/color-reader';
import { disturb } from '../../../../ts/evaluation/reader/disturb';
import parameters from '../../../../ts/evaluation/reader/reader-parameters.json';
import { type ReaderPicture, renderReaderPictures } from '../../../../ts/evaluation/reader/reader-pictures';
import {
  checkReaderIsForeign,
  restoreReader,
  type StoredReader,
} from '../../../../ts/evaluation/reader/stored-reader';

const stored = parameters as StoredReader;
const reader = restoreReader(stored);

/** Pictures of which petal and center were both read right. */
function rightOf(pictures: ReaderPicture[], by: ColorReader): number {
  return pictures.filter(({ rgb, species }) => {
    const { petal, center } = by.read(rgb, 64);
    const { petalColor, centerColor } = species.attributes;
    return petal.color === petalColor && center.color === centerColor;
  }).length;
}

describe('the committed reader', () => {
  const unseen = CATALOGUE.filter(({ split, attributes }) => split === 'validation' && !attributes.tipColor);
  let pictures: ReaderPicture[];
  beforeAll(async () => {
    pictures = await renderReaderPictures(unseen, 2, 20);
  });

  test('is right on renders of species that it never saw', () => {
    // The bar is 98 %: of 34 pictures one may be wrong. 170 others were all right when it was fitted.
    expect(pictures).toHaveLength(34);
    expect(rightOf(pictures, reader)).toBeGreaterThanOrEqual(33);
  });

  test('is nearly as good on pictures that are bent, blurred and grainy', () => {
    const disturbed = pictures.slice(0, 20).map((picture, row) => {
      const random = new PhiloxStream(5, PURPOSE.evaluation, { row });
      const keepChannels = Object.assign(random, { shuffle: <T>(list: readonly T[]) => [...list] });
      return { ...disturb(picture, 64, keepChannels), species: picture.species };
    });
    // Light and grain move colors over the border to a neighbor now and then; nine in ten must stay.
    expect(rightOf(disturbed, reader)).toBeGreaterThanOrEqual(18);
  });

  test('is nothing without its weights', () => {
    const weights = (layers: StoredReader['first']['layers']) =>
      layers.map((layer) => ({
        ...layer,
        weights: Buffer.from(layer.weights, 'base64').fill(0).toString('base64'),
      }));
    const blank = restoreReader({
      ...stored,
      first: { ...stored.first, layers: weights(stored.first.layers) },
      second: { ...stored.second, layers: weights(stored.second.layers) },
    });
    expect(rightOf(pictures.slice(0, 10), blank)).toBeLessThanOrEqual(3);
  });

  test('finds no flower on an empty ground, and no center under 2 % of the picture', () => {
    const ground = new Uint8Array(64 * 64 * 3).fill(110);
    expect(reader.read(ground, 64)).toMatchObject({ petal: { color: null }, center: { color: null } });
    const { rgb, species } = pictures[0]!;
    expect(reader.read(rgb, 64).center).toMatchObject({ color: species.attributes.centerColor });
    const small = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % 64, Math.floor(i / 192)];
      const inside = Math.abs(x - 32) < 8 && Math.abs(y - 32) < 8;
      return inside ? rgb[((16 + 4 * (y - 24)) * 64 + 16 + 2 * (x - 24)) * 3 + (i % 3)]! : 110;
    });
    const { center } = reader.read(small, 64);
    expect(center.share).toBeLessThan(0.02);
    expect(center.color).toBeNull();
  });

  test('reads larger pictures by averaging, and refuses other sizes', () => {
    const { rgb } = pictures[0]!;
    const large = Uint8Array.from({ length: 128 * 128 * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return rgb[((Math.floor(pixel / 128) >> 1) * 64 + ((pixel % 128) >> 1)) * 3 + (i % 3)]!;
    });
    expect(reader.read(large, 128)).toEqual(reader.read(rgb, 64));
    expect(() => reader.read(new Uint8Array(50 * 50 * 3), 50)).toThrow(
      '`side` must be a multiple of 64, but is 50',
    );
    expect(() => reader.read(rgb, 128)).toThrow('`rgb` must be 128 x 128 x 3 bytes');
  });
});

describe('where the reader comes from', () => {
  test('it was fitted on the training species of this catalogue, and all of them', () => {
    const training = CATALOGUE.filter(({ split }) => split === 'training').map(({ id }) => id);
    expect(stored.classIds).toEqual(training);
    expect(stored.catalogueVersion).toBe(CATALOGUE_VERSION);
  });

  test('it refuses to measure classes that it knows, by name, and other catalogues', () => {
    const test = CATALOGUE.filter(({ split }) => split === 'test').map(({ id }) => id);
    expect(() => checkReaderIsForeign(stored, test)).not.toThrow();
    const known = stored.classIds[3]!;
    const meet = () => checkReaderIsForeign(stored, [...test, known]);
    expect(meet).toThrow(`but it knows class ${known}`);
    try {
      meet();
    } catch (error) {
      expect(hasCode(error, 'DATA')).toBe(true);
    }
    expect(() => checkReaderIsForeign({ ...stored, catalogueVersion: 99 }, test)).toThrow('version 99');
  });
});
