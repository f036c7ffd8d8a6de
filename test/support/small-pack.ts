import { type PackImage, type PackLayout, PackWriter } from '../../ts/data/pack-writer';

/** Layout of a pack with everything that version 1 knows: two sizes, classes, ground truth, masks. */
export const smallLayout: PackLayout = {
  imageCount: 6,
  name: 'six small pictures',
  source: 'built-in flowers',
  classes: ['anemone', 'Blüte', 'crocus'],
  zeroShot: true,
  sizes: [8, 3],
  resize: 'rendered',
  generator: { catalogueVersion: 1, seed: 7 },
  truth: {
    attributes: [{ name: 'petalColor', values: ['red', 'blue'] }, { name: 'petalCount' }],
    pose: [{ name: 'angle', unit: 'degrees' }],
    mask: ['background', 'petal'],
  },
};

const splits = ['training', 'training', 'validation', 'validation', 'test', 'test'] as const;

/** Image `i` of the small pack; every byte of it follows from `i`. */
export function smallImage(i: number): PackImage {
  const fill = (length: number, factor: number) => Uint8Array.from({ length }, (_, k) => i * 40 + k * factor);
  return {
    pixels: { 8: fill(192, 1), 3: fill(27, 3) },
    classId: i >> 1,
    split: splits[i]!,
    captions: [
      { text: `a flower with ${i} petals, naïve 花`, held: false },
      { text: i < 2 ? 'a red flower' : `a scarlet flower, ${'very '.repeat(i)}red`, held: i === 5 },
    ],
    source: { path: `flowers/${i}\t.png`, sha256: i === 0 ? '' : String(i).repeat(64) },
    truth: {
      attributes: [i % 2, 5 + i],
      background: [i, 2 * i, 255 - i],
      pose: [i * 1.5 - 2],
      mask: { 8: fill(64, 5).map((byte) => byte & 1), 3: fill(9, 7).map((byte) => byte & 1) },
    },
  };
}

/** Writes the small pack, its images in the given order. */
export async function writeSmallPack(path: string, order = [0, 1, 2, 3, 4, 5]): Promise<void> {
  const writer = await PackWriter.create(path, smallLayout);
  for (const i of order) await writer.addImage(i, smallImage(i));
  await writer.finish();
}
