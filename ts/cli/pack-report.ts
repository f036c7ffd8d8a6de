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
      return [split, { images: images.length, ...classCounts(dataset, images) }];
    }),
  );
  const { imageCount, captionCount, fingerprint } = dataset;
  const classes = dataset.classNames?.length ?? 0;
  const hybrids = dataset.metadata.generator?.hybrids ?? 0;
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
    hybrids,
    splits,
    size,
    fingerprint,
  };
}

/** How many classes the images are of, and how many are of none. */
function classCounts(dataset: Dataset, images: number[]) {
  const ids = images.map((image) => dataset.classOf(image));
  const named = ids.filter((id) => id >= 0);
  return { classes: new Set(named).size, classless: ids.length - named.length };
}

function splitLine({ images, classes, classless }: { images: number; classes: number; classless: number }) {
  if (classes === 0) return `${count(images)} images`;
  const named = `${count(images - classless)} images of ${classes} classes`;
  return classless === 0 ? named : `${named} and ${count(classless)} hybrids`;
}

/** Prints what is in a pack; `seconds` is the time that making it took. */
export async function reportPack(output: Output, path: string, seconds?: number): Promise<void> {
  const pack = await describePack(path);
  const rows = [
    ['images', `${count(pack.imageCount)} at ${pack.sizes.join(' and ')} pixels, from ${pack.source}`],
    ['captions', `${count(pack.captionCount)}`],
    ['classes', pack.classes === 0 ? 'none' : String(pack.classes)],
    ...(pack.hybrids === 0
      ? []
      : [['hybrids', `${count(pack.hybrids)}, each a class of its own in training`]]),
    ...Object.entries(pack.splits).map(([split, part]) => [split, splitLine(part)]),
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
