import { Dataset } from '../../../../ts/data/dataset';
import { PackWriter } from '../../../../ts/data/pack-writer';

const colors = ['red', 'blue', 'white', 'yellow', 'violet', 'pink'];
const captionCount = 3;

/** A pack of flat pictures, a color a class; the last class is the validation split, the one before it the test. */
export async function writeTinyPack(
  path: string,
  {
    imagesPerClass = 4,
    classCount = 6,
    size = 66,
  }: { imagesPerClass?: number; classCount?: number; size?: number } = {},
): Promise<Dataset> {
  const writer = await PackWriter.create(path, {
    name: 'tiny',
    source: 'folder',
    classes: colors.slice(0, classCount),
    zeroShot: true,
    sizes: [size],
    resize: 'crop',
    imageCount: imagesPerClass * classCount,
  });
  for (let i = 0; i < imagesPerClass * classCount; i++) {
    const classId = i % classCount;
    const color = colors[classId]!;
    const captions = Array.from({ length: captionCount }, (_, k) => ({
      text: `picture ${i} is ${color}, said ${k}`,
      held: k === 2,
    }));
    const split =
      classId === classCount - 1 ? 'validation' : classId === classCount - 2 ? 'test' : 'training';
    const pixels = new Uint8Array(size * size * 3).map((_, p) => (p * (classId + 3) + i * 7) % 251);
    await writer.addImage(i, {
      pixels: { [size]: pixels },
      classId,
      split,
      captions,
      source: { path: `${i}.png` },
    });
  }
  await writer.finish();
  return await Dataset.open(path);
}
