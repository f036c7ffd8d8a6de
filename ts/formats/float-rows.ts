import { DataError } from '../errors';
import { readAt, withFile } from './open-file';
import { refuser } from './safetensors-header';

const bytesPerRead = 1 << 22;

/** Rows of float32 in a file, one behind another or further apart. */
export interface FloatRows {
  path: string;
  /** Of the first row. */
  offset: number;
  count: number;
  width: number;
  /** Bytes from row to row. */
  stride: number;
}

/** Row by row, some megabytes in memory at a time. @throws FlorigenError `IO`; DataError for a file that is missing */
export async function* readFloatRows(source: FloatRows): AsyncGenerator<Float32Array> {
  const { path, offset, count, width, stride } = source;
  const options = { error: DataError, kind: 'rows of numbers' };
  const perRead = Math.max(1, Math.floor(bytesPerRead / stride));
  for (let first = 0; first < count; first += perRead) {
    const some = Math.min(perRead, count - first);
    const bytes = (some - 1) * stride + 4 * width;
    const block = await withFile(path, options, (handle) =>
      readAt(handle, offset + first * stride, bytes, refuser(path, options)),
    );
    for (let i = 0; i < some; i++)
      yield new Float32Array(block.slice(i * stride, i * stride + 4 * width).buffer);
  }
}
