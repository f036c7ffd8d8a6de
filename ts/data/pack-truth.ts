import {
  readFloat32,
  readInt32,
  readTensor,
  requireTensor,
  type SafetensorsFile,
} from '../formats/safetensors';
import type { PackDescription, PackTruth } from './pack';

/** What is known of each built-in flower. Never shown to a model; evaluation and tests read it. */
export class GroundTruth {
  constructor(
    readonly columns: PackTruth,
    readonly file: SafetensorsFile,
    readonly tables: { attributes: Int32Array; pose: Float32Array; background: Uint8Array },
  ) {}

  /** Int32 [attributes]: one value per entry of `columns.attributes`. */
  attributes(image: number): Int32Array {
    return row(this.tables.attributes, image, this.columns.attributes.length);
  }

  /** Float32 [poses]: one value per entry of `columns.pose`. */
  pose(image: number): Float32Array {
    return row(this.tables.pose, image, this.columns.pose.length);
  }

  /** RGB bytes of the mean background colour. */
  background(image: number): Uint8Array {
    return row(this.tables.background, image, 3);
  }

  /** Bytes [size, size]; each a place in `columns.mask`. @throws DataError where the pack has no masks */
  async mask(image: number, size: number): Promise<Uint8Array> {
    const length = size * size;
    return await readTensor(this.file, `truth.mask/${size}`, { start: image * length, length });
  }
}

/** Reads and checks the ground truth; null for a pack without. @throws DataError */
export async function readGroundTruth(
  file: SafetensorsFile,
  { truth, sizes }: PackDescription,
  imageCount: number,
): Promise<GroundTruth | null> {
  if (truth === undefined) return null;
  const n = imageCount;
  requireTensor(file, 'truth.attributes', { dtype: 'I32', shape: [n, truth.attributes.length] });
  requireTensor(file, 'truth.pose', { dtype: 'F32', shape: [n, truth.pose.length] });
  requireTensor(file, 'truth.background', { dtype: 'U8', shape: [n, 3] });
  for (const size of truth.mask.length > 0 ? sizes : []) {
    requireTensor(file, `truth.mask/${size}`, { dtype: 'U8', shape: [n, size, size] });
  }
  return new GroundTruth(truth, file, {
    attributes: await readInt32(file, 'truth.attributes'),
    pose: await readFloat32(file, 'truth.pose'),
    background: await readTensor(file, 'truth.background'),
  });
}

function row<T extends Int32Array | Float32Array | Uint8Array>(table: T, index: number, width: number): T {
  return table.slice(index * width, (index + 1) * width) as T;
}
