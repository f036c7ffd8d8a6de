import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Dataset } from '../data/dataset';
import { DataError } from '../errors';
import { fileSha256 } from '../formats/open-file';
import { refuser } from '../formats/safetensors-header';
import { elementCount } from '../formats/strided';
import { openT7, readT7Tensor, type T7File } from '../formats/t7/file';
import { T7Tensor } from '../formats/t7/values';
import { besidePack, ensureDerived } from './derived-file';

const extension = '.t7';
const readOptions = { error: DataError, kind: 'a Torch7 file of image features' };

/** A Torch7 file that holds the features of some images. */
interface Part {
  file: T7File;
  /** [images, width, views], as the authors' data have it. */
  tensor: T7Tensor;
  /** Their places in the pack, in the order of the rows. */
  images: readonly number[];
}

/** Whether features are the authors': a file of Torch7, or a folder with one for each class. */
export async function isTorch7(given: string): Promise<boolean> {
  if (path.extname(given) === extension) return true;
  const stat = await fs.promises.stat(given).catch(() => null);
  return stat?.isDirectory() ?? false;
}

/**
 * The path of the same features as florigen keeps them, beside the pack: written where they are not there yet.
 *
 * A file holds one tensor [images, width, views] (or [images, width]) of all images, in the pack's order. A folder holds,
 * itself or in `images/`, a file CLASS.t7 for each class of the pack; its rows are the images of the class by file name,
 * for which there is no other sign than their number.
 * @throws DataError where the tensors do not fit the pack; `IO`
 */
export async function ensureTorch7Features(given: string, dataset: Dataset): Promise<string> {
  const parts =
    path.extname(given) === extension
      ? [await openPart(given, [...Array(dataset.imageCount).keys()])]
      : await openClasses(given, dataset);
  const { width, views } = commonShape(parts);
  const digest = createHash('sha256');
  for (const { file } of parts) digest.update(await fileSha256(file.path));
  const torch7 = digest.digest('hex');
  const target = besidePack(dataset.path, 'features', torch7);
  await ensureDerived(target, {
    metadata: { format: 'florigen.features', formatVersion: '1', pack: dataset.fingerprint, torch7 },
    tensor: {
      name: 'features',
      dtype: 'F32',
      shape: [dataset.imageCount, views, width],
      data: rows(parts, { width, views }),
    },
  });
  return target;
}

async function openClasses(folder: string, dataset: Dataset): Promise<Part[]> {
  const names = dataset.classNames;
  if (names === null)
    throw new DataError(
      `\`${folder}\` must fit a data set with classes, for it has a file for each, but ${dataset.path} has none.`,
      { hint: 'Give one file .t7, .npy or .safetensors with the features of all images.' },
    );
  const inner = path.join(folder, 'images');
  const place = fs.existsSync(inner) ? inner : folder;
  const images = imagesByClass(dataset);
  const parts: Part[] = [];
  for (const [id, of] of images) parts.push(await openPart(path.join(place, `${names[id]}${extension}`), of));
  return parts;
}

/** The images of each class by file name. @throws DataError where an image has no class */
function imagesByClass(dataset: Dataset): Map<number, number[]> {
  const classes = new Map<number, number[]>();
  for (let image = 0; image < dataset.imageCount; image++) {
    const id = dataset.classOf(image);
    if (id < 0)
      throw new DataError(`Features by class must be of images with classes, but image ${image} has none.`, {
        hint: 'Give one file .t7, .npy or .safetensors with the features of all images.',
      });
    const images = classes.get(id);
    if (images === undefined) classes.set(id, [image]);
    else images.push(image);
  }
  const nameOf = (image: number) => dataset.sourceOf(image).path;
  for (const images of classes.values()) images.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return classes;
}

async function openPart(file: string, images: readonly number[]): Promise<Part> {
  const opened = await openT7(file, readOptions);
  const fail = refuser(file, readOptions);
  const { root } = opened;
  if (!(root instanceof T7Tensor)) return fail('it holds no tensor by itself');
  const { sizes } = root;
  const fits = (sizes.length === 3 || sizes.length === 2) && sizes[0] === images.length;
  if (!fits || elementCount(root) === 0)
    return fail(`its tensor is [${sizes.join(', ')}] where [${images.length}, width, views] is due`);
  return { file: opened, tensor: root, images };
}

function shapeOf({ tensor: { sizes } }: Part): { width: number; views: number } {
  return { width: sizes[1]!, views: sizes[2] ?? 1 };
}

function commonShape(parts: readonly Part[]): { width: number; views: number } {
  const first = shapeOf(parts[0]!);
  for (const part of parts) {
    const { width, views } = shapeOf(part);
    if (width !== first.width || views !== first.views)
      refuser(
        part.file.path,
        readOptions,
      )(
        `it has ${views} views of width ${width} where ${parts[0]!.file.path} has ${first.views} of ${first.width}`,
      );
  }
  return first;
}

/** The features of each image, in the pack's order: [views, width]. A file's numbers are in memory while they are due. */
async function* rows(
  parts: readonly Part[],
  { width, views }: { width: number; views: number },
): AsyncGenerator<Uint8Array> {
  const places: { part: Part; row: number }[] = [];
  for (const part of parts) for (const [row, image] of part.images.entries()) places[image] = { part, row };
  const inMemory = new Map<Part, { numbers: Float32Array; left: number }>();
  for (const { part, row } of places) {
    const read = inMemory.get(part) ?? {
      numbers: await readT7Tensor(part.file, part.tensor),
      left: part.images.length,
    };
    read.left--;
    if (read.left > 0) inMemory.set(part, read);
    else inMemory.delete(part);
    const size = width * views;
    yield new Uint8Array(transposed(read.numbers.subarray(row * size, (row + 1) * size), views).buffer);
  }
}

/** A matrix of `columns` columns, its columns as rows. */
function transposed(matrix: Float32Array, columns: number): Float32Array {
  const height = matrix.length / columns;
  const result = new Float32Array(matrix.length);
  for (let i = 0; i < height; i++)
    for (let k = 0; k < columns; k++) result[k * height + i] = matrix[i * columns + k]!;
  return result;
}
