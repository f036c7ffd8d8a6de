import { Dataset } from '../../../../ts/data/dataset';
import { PackWriter } from '../../../../ts/data/pack-writer';

const colors = ['red', 'blue', 'white', 'yellow', 'violet', 'pink'];
const captionCount = 3;

/**
 * A pack of flat pictures, a color a class; the last class is the validation split, the one before it the test.
 * @param classes false for images without a class
 * @param captionOf what caption `k` of image `i` says
 */
export async function writeTinyPack(
  path: string,
  {
    imagesPerClass = 4,
    classCount = 6,
    size = 66,
    classes = true,
    captionOf = (i, k) => `picture ${i} is ${colors[i % classCount]}, said ${k}`,
  }: {
    imagesPerClass?: number;
    classCount?: number;
    size?: number;
    classes?: boolean;
    captionOf?: (i: number, k: number) => string;
  } = {},
): Promise<Dataset> {
  const writer = await PackWriter.create(path, {
    name: 'tiny',
    source: 'folder',
    classes: classes ? colors.slice(0, classCount) : null,
    zeroShot: classes,
    sizes: [size],
    resize: 'crop',
    imageCount: imagesPerClass * classCount,
  });
  for (let i = 0; i < imagesPerClass * classCount; i++) {
    const classId = i % classCount;
    const captions = Array.from({ length: captionCount }, (_, k) => ({
      text: captionOf(i, k),
      held: k === 2,
    }));
    const split =
      classId === classCount - 1 ? 'validation' : classId === classCount - 2 ? 'test' : 'training';
    const pixels = new Uint8Array(size * size * 3).map((_, p) => (p * (classId + 3) + i * 7) % 251);
    await writer.addImage(i, {
      pixels: { [size]: pixels },
      classId: classes ? classId : -1,
      split,
      captions,
      source: { path: `${i}.png` },
    });
  }
  await writer.finish();
  return await Dataset.open(path);
}
