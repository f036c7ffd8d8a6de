import fs from 'node:fs';
import path from 'node:path';
import type { Dataset } from '../data/dataset';
import { DataError, UsageError } from '../errors';
import { openNpy } from '../formats/npy';
import { readAt, withFile } from '../formats/open-file';
import { fingerprint, readSafetensorsHeader, requireTensor } from '../formats/safetensors';
import { refuser } from '../formats/safetensors-header';
import type { NativeTensorRef } from '../native/addon';

const readOptions = { error: DataError, kind: 'a file of image features' };

/** The features of all images of a pack. */
export interface Features {
  path: string;
  /** What stands for their content: of a file of florigen the fingerprint of its network, or of network and scale; else the file's own, or none. */
  source: string;
  /** What the file says of the training of its network: the classes it has seen; null where it says nothing. */
  provenance: Readonly<Record<string, unknown>> | null;
  /** F32 [images, views, d] */
  tensor: NativeTensorRef;
}

/**
 * Opens image features: of `features extract`, or of one's own, `features` [images, views, d] in safetensors or npy
 * ([images, d] is one view).
 * @throws DataError where they are of another pack or count of images
 */
export async function openFeatures(file: string, dataset: Dataset): Promise<Features> {
  if (path.extname(file) === '.npy') {
    const { shape, offset, bytes } = await openNpy(file);
    const tensor = withViews(file, dataset, { path: file, offset, bytes, dtype: 'F32', shape });
    return { path: file, source: '', provenance: null, tensor };
  }
  const opened = await readSafetensorsHeader(file, readOptions);
  const pack = opened.metadata.get('pack');
  if (pack !== undefined && pack !== dataset.fingerprint)
    throw new DataError(`\`${file}\` must hold features of ${dataset.path}, but is of another data set.`, {
      hint: 'Extract them again with `florigen features extract`.',
    });
  const { offset, bytes, shape } = requireTensor(opened, 'features', { dtype: 'F32' });
  const tensor = withViews(file, dataset, { path: file, offset, bytes, dtype: 'F32', shape });
  const { metadata } = opened;
  const source = metadata.get('standardized') ?? metadata.get('networkFingerprint') ?? fingerprint(opened);
  return { path: file, source, provenance: parsedObject(opened.metadata.get('provenance')), tensor };
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

/** The features that lie beside a pack; `option` would name them otherwise. @throws UsageError where there are none, or several */
export async function findFeatures(dataset: Dataset, option = 'data.features'): Promise<string> {
  const { dir, name, ext } = path.parse(path.resolve(dataset.path));
  const stem = `${ext === '.safetensors' ? name : name + ext}.features-`;
  const found = (await fs.promises.readdir(dir)).filter(
    (entry) => entry.startsWith(stem) && entry.endsWith('.safetensors'),
  );
  if (found.length === 1) return path.join(dir, found[0]!);
  if (found.length > 1)
    throw new UsageError(
      `\`${option}\` must say which features, for beside the pack lie ${found.join(', ')}`,
    );
  throw new UsageError(`\`${option}\` must name image features, for none lie beside ${dataset.path}`, {
    hint: `Make them with \`florigen features train\` and \`florigen features extract\`${option === 'data.features' ? ', or train with `--preset sje-coco`, which needs none' : ''}.`,
  });
}
