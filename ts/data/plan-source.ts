import { DataError } from '../errors';
import type { Dataset } from './dataset';
import { splitNames } from './pack';

/** What a plan must know of a data set, as columns. */
export interface PlanSource {
  /**
   * Class of each image. An image without one is a class of its own where others have one: its id is `namedClasses`
   * plus its place. -1 throughout where no image has a class.
   */
  classOf: Int32Array;
  /** Classes of the data set that have a name: their ids lie below. */
  namedClasses: number;
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
  /**
   * The images of each class: first those of `classIds`, then each image that is a class of its own. Null where images
   * have no (or only one) class.
   */
  byClass: Int32Array[] | null;
  /** Ids of the classes with names in `byClass`, ascending: what provenance lists. */
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
  return { images: Int32Array.from(images), ...classesOf(source, images), fileCount };
}

function classesOf(source: PlanSource, images: number[]): Pick<TrainingImages, 'byClass' | 'classIds'> {
  const groups = new Map<number, number[]>();
  for (const image of images) {
    const id = source.classOf[image]!;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [image]);
    else group.push(image);
  }
  const ids = [...groups.keys()].sort((a, b) => a - b);
  const classIds = ids.filter((id) => id >= 0 && id < source.namedClasses);
  if (ids.length < 2 || classIds.length === 0) return { byClass: null, classIds: [] };
  return { byClass: ids.map((id) => Int32Array.from(groups.get(id)!)), classIds };
}

/** The columns of an opened data set, at the stored size `imageSize`. */
export function planSource(dataset: Dataset, imageSize: number): PlanSource {
  const { imageCount, captionCount } = dataset;
  const namedClasses = dataset.classNames?.length ?? 0;
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
  if (classOf.some((id) => id >= 0))
    for (let i = 0; i < imageCount; i++) if (classOf[i] === -1) classOf[i] = namedClasses + i;
  const captionKey = dataset.captionIdentities;
  return { classOf, namedClasses, splitOf, captionStart, captionHeld, captionKey, imageSize };
}
