import { DataError } from '../errors';
import type { Dataset } from './dataset';
import { splitNames } from './pack';

/** What a plan must know of a data set, as columns. */
export interface PlanSource {
  /** Class of each image; -1 for none. */
  classOf: Int32Array;
  /** 0 training, 1 validation, 2 test. */
  splitOf: Uint8Array;
  /** [N + 1]: the captions of image `i` are `captionStart[i] .. captionStart[i + 1] - 1`. */
  captionStart: Int32Array;
  /** 1 for a caption that is kept out of training. */
  captionHeld: Uint8Array;
  /** Captions of equal text have equal keys. */
  captionKey: Int32Array;
  /** Side of the stored square images, in pixels. */
  imageSize: number;
}

/** Which splits train. */
export type TrainingSplits = 'training' | 'trainval';

/** Images that training may use: of the right splits, with a caption that is not held. */
export interface TrainingImages {
  /** Image indices, ascending. */
  images: Int32Array;
  /** The images of each class, by place in `classIds`; null where images have no (or only one) class. */
  byClass: Int32Array[] | null;
  /** Ids of the classes in `byClass`, ascending. */
  classIds: number[];
  /** Images of the splits, including those without a caption to train on: the authors' epoch counts files. */
  fileCount: number;
}

/** Captions of an image that training may use. */
export function trainingCaptions(source: PlanSource, image: number): number[] {
  const captions: number[] = [];
  for (let c = source.captionStart[image]!; c < source.captionStart[image + 1]!; c++)
    if (source.captionHeld[c] === 0) captions.push(c);
  return captions;
}

/** Finds what training may use. @throws DataError where there is nothing */
export function trainingImages(source: PlanSource, splits: TrainingSplits): TrainingImages {
  const images: number[] = [];
  let fileCount = 0;
  for (let i = 0; i < source.splitOf.length; i++) {
    const split = source.splitOf[i]!;
    if (split !== 0 && !(splits === 'trainval' && split === 1)) continue;
    fileCount++;
    if (trainingCaptions(source, i).length > 0) images.push(i);
  }
  if (images.length === 0)
    throw new DataError(`The data set has no image with a caption in the ${splits} images.`, {
      hint: 'Import more images, or train on other splits with `data.splits`.',
    });
  const classIds = [...new Set(images.map((i) => source.classOf[i]!))].sort((a, b) => a - b);
  const hasClasses = classIds.length > 1 && !classIds.includes(-1);
  const byClass = hasClasses
    ? classIds.map((id) => Int32Array.from(images.filter((i) => source.classOf[i] === id)))
    : null;
  return { images: Int32Array.from(images), byClass, classIds: hasClasses ? classIds : [], fileCount };
}

/** The columns of an opened data set, at the stored size `imageSize`. */
export function planSource(dataset: Dataset, imageSize: number): PlanSource {
  const { imageCount, captionCount } = dataset;
  const classOf = new Int32Array(imageCount);
  const splitOf = new Uint8Array(imageCount);
  const captionStart = new Int32Array(imageCount + 1);
  const captionHeld = new Uint8Array(captionCount);
  for (let i = 0; i < imageCount; i++) {
    classOf[i] = dataset.classOf(i);
    splitOf[i] = splitNames.indexOf(dataset.split(i));
    const captions = dataset.captionsOf(i);
    captionStart[i + 1] = captionStart[i]! + captions.length;
    for (const { index, held } of captions) captionHeld[index] = held ? 1 : 0;
  }
  const captionKey = dataset.captionIdentities;
  return { classOf, splitOf, captionStart, captionHeld, captionKey, imageSize };
}
