import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Dataset } from '../data/dataset';
import { DataError, UsageError } from '../errors';
import { openNpy } from '../formats/npy';
import { readAt, withFile } from '../formats/open-file';
import { readSafetensorsHeader, requireTensor } from '../formats/safetensors';
import { refuser } from '../formats/safetensors-header';
import type { NativeTensorRef } from '../native/addon';
import { besidePack } from './derived-file';
import { ensureTorch7Features, isTorch7 } from './torch7-features';

/** Bytes of numbers in memory while features are checked. */
const blockBytes = 1 << 22;

const readOptions = { error: DataError, kind: 'a file of image features' };

/** The features of all images of a pack. */
export interface Features {
  path: string;
  /** What stands for their content: of a file of florigen the fingerprint of its network, or of network and scale; else the SHA-256 of the numbers. */
  source: string;
  /** What stands for the network that they came from in any precision, where no scale came after it; else null. */
  trunk: string | null;
  /** What the file says of the training of its network: the classes it has seen; null where it says nothing. */
  provenance: Readonly<Record<string, unknown>> | null;
  /** F32 [images, views, d] */
  tensor: NativeTensorRef;
}

/**
 * Opens image features, reading every number once: of `features extract`, or of one's own, `features` [images, views, d]
 * in safetensors or npy ([images, d] is one view), or Torch7 files as the authors' (see `ensureTorch7Features`).
 * @throws DataError where they are of another pack or count of images, altered, or not finite
 */
export async function openFeatures(given: string, dataset: Dataset): Promise<Features> {
  const file = (await isTorch7(given)) ? await ensureTorch7Features(given, dataset) : given;
  return path.extname(file) === '.npy' ? await openArray(file, dataset) : await openFile(file, dataset);
}

async function openArray(file: string, dataset: Dataset): Promise<Features> {
  const { shape, offset, bytes } = await openNpy(file);
  const tensor = withViews(file, dataset, { path: file, offset, bytes, dtype: 'F32', shape });
  return { path: file, source: await readNumbers(file, tensor), trunk: null, provenance: null, tensor };
}

async function openFile(file: string, dataset: Dataset): Promise<Features> {
  const opened = await readSafetensorsHeader(file, readOptions);
  const { metadata, tensors } = opened;
  const pack = metadata.get('pack');
  if (pack !== undefined && pack !== dataset.fingerprint)
    throw new DataError(`\`${file}\` must hold features of ${dataset.path}, but is of another data set.`, {
      hint: 'Extract them again with `florigen features extract`.',
    });
  const { offset, bytes, shape } = requireTensor(opened, 'features', { dtype: 'F32' });
  const tensor = withViews(file, dataset, { path: file, offset, bytes, dtype: 'F32', shape });
  const numbers = await readNumbers(file, tensor);
  const written = metadata.get('contentSha256');
  if (written !== undefined && tensors.size === 1 && written !== numbers)
    refuser(file, readOptions)('its data is not what was written: the hashes differ');
  return {
    path: file,
    source: metadata.get('standardized') ?? metadata.get('networkFingerprint') ?? numbers,
    trunk: metadata.get('networkTrunk') ?? null,
    provenance: parsedObject(metadata.get('provenance')),
    tensor,
  };
}

/** SHA-256 (hex) of the numbers. @throws DataError where one is not finite */
async function readNumbers(file: string, { offset, bytes, shape }: NativeTensorRef): Promise<string> {
  const hash = createHash('sha256');
  await withFile(file, readOptions, async (handle) => {
    const fail = refuser(file, readOptions);
    for (let done = 0; done < bytes; done += blockBytes) {
      const block = await readAt(handle, offset + done, Math.min(blockBytes, bytes - done), fail);
      hash.update(block);
      const wrong = new Float32Array(block.buffer).findIndex((number) => !Number.isFinite(number));
      if (wrong >= 0) refuseNumber(file, shape, done / 4 + wrong);
    }
  });
  return hash.digest('hex');
}

function refuseNumber(file: string, shape: readonly number[], place: number): never {
  const [, views, width] = shape as [number, number, number];
  const image = Math.floor(place / (views * width));
  const view = Math.floor(place / width) % views;
  throw new DataError(
    `The features of \`${file}\` must be finite, but view ${view} of image ${image} holds a number that is not.`,
    { hint: 'Extract that image again, or leave it out of data set and features.' },
  );
}

function parsedObject(text: string | undefined): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

/** The features of one view of some images, row-major [images, width]. @throws FlorigenError `IO` */
export async function readView(
  { path: file, tensor }: Features,
  images: readonly number[],
  view: number,
): Promise<{ data: Float32Array; width: number }> {
  const [, views, width] = tensor.shape as [number, number, number];
  const data = new Float32Array(images.length * width);
  const bytes = new Uint8Array(data.buffer);
  const rowBytes = 4 * width;
  await withFile(file, readOptions, async (handle) => {
    const fail = refuser(file, readOptions);
    for (const [i, image] of images.entries())
      bytes.set(
        await readAt(handle, tensor.offset + (image * views + view) * rowBytes, rowBytes, fail),
        i * rowBytes,
      );
  });
  return { data, width };
}

function withViews(file: string, dataset: Dataset, ref: NativeTensorRef): NativeTensorRef {
  const shape = ref.shape.length === 2 ? [ref.shape[0]!, 1, ref.shape[1]!] : ref.shape;
  if (shape.length === 3 && shape[0] === dataset.imageCount && shape[1]! > 0 && shape[2]! > 0)
    return { ...ref, shape };
  throw new DataError(
    `The features of \`${file}\` must have the shape [${dataset.imageCount}, views, width], but have [${ref.shape.join(', ')}] instead.`,
  );
}

/** Which features are looked for. */
export interface WantedFeatures {
  /** The option by which others could be named; default `data.features`. */
  option?: 'data.features' | 'features';
  /** Their source, where they must be those: taken before any other. */
  source?: string | null;
}

/** The features that lie beside a pack. @throws UsageError where there are none, or several */
export async function findFeatures(dataset: Dataset, wanted: WantedFeatures = {}): Promise<string> {
  const { option = 'data.features', source = null } = wanted;
  const own = source && besidePack(dataset.path, 'features', source);
  if (own && fs.existsSync(own)) return own;
  const { dir, name, ext } = path.parse(path.resolve(dataset.path));
  const stem = `${ext === '.safetensors' ? name : name + ext}.features-`;
  const found = (await fs.promises.readdir(dir)).filter(
    (entry) => entry.startsWith(stem) && entry.endsWith('.safetensors'),
  );
  if (found.length === 1) return path.join(dir, found[0]!);
  const trains = option === 'data.features';
  if (found.length > 1)
    throw new UsageError(
      `\`${option}\` must say which features, for beside the pack lie ${found.join(', ')}`,
      {
        hint: `Name one of them: \`${trains ? '--data-features' : '--features'} ${path.join(dir, found[0]!)}\`.`,
      },
    );
  throw new UsageError(`\`${option}\` must name image features, for none lie beside ${dataset.path}`, {
    hint: `Make them with \`florigen features train\` and \`florigen features extract\`${trains ? ', or train with `--preset sje-coco`, which needs none' : ''}.`,
  });
}
