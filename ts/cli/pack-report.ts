import fs from 'node:fs';
import { Dataset } from '../data/dataset';
import { splitNames } from '../data/pack';
import { bytes, count, duration, table } from './format';
import type { Output } from './output';

/** What is in a pack, for people and programs. */
export async function describePack(path: string) {
  const dataset = await Dataset.open(path);
  const { name, source, zeroShot, sizes } = dataset.metadata;
  const splits = Object.fromEntries(
    splitNames.map((split) => {
      const images = dataset.imagesOf(split);
      return [split, { images: images.length, classes: classCount(dataset, images) }];
    }),
  );
  const { imageCount, captionCount, fingerprint } = dataset;
  const classes = dataset.classNames?.length ?? 0;
  const size = (await fs.promises.stat(path)).size;
  return {
    path,
    name,
    source,
    zeroShot,
    sizes,
    imageCount,
    captionCount,
    classes,
    splits,
    size,
    fingerprint,
  };
}

const classCount = (dataset: Dataset, images: number[]) =>
  new Set(images.map((image) => dataset.classOf(image)).filter((id) => id >= 0)).size;

/** Prints what is in a pack; `seconds` is the time that making it took. */
export async function reportPack(output: Output, path: string, seconds?: number): Promise<void> {
  const pack = await describePack(path);
  const rows = [
    ['images', `${count(pack.imageCount)} at ${pack.sizes.join(' and ')} pixels, from ${pack.source}`],
    ['captions', `${count(pack.captionCount)}`],
    ['classes', pack.classes === 0 ? 'none' : String(pack.classes)],
    ...Object.entries(pack.splits).map(([split, part]) => [
      split,
      `${count(part.images)} images${part.classes === 0 ? '' : ` of ${part.classes} classes`}`,
    ]),
    [
      'zero-shot',
      pack.zeroShot ? 'yes: held-out images are of classes that are not trained' : zeroShotRemark,
    ],
    ['size', bytes(pack.size)],
    ['fingerprint', pack.fingerprint],
  ];
  const took = seconds === undefined ? '' : ` in ${duration(seconds)}`;
  output.result('pack', { ...pack, seconds }, `${path}${took}\n${table(rows)}`);
}

const zeroShotRemark =
  'no: the classes of held-out images are trained too, so no figure from them is zero-shot';
