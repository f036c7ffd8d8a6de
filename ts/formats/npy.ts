import { DataError } from '../errors';
import { readAt, withFile } from './open-file';
import { refuser } from './safetensors-header';

const options = { error: DataError, kind: 'an npy file of float32' };

/** Where the numbers of an npy file lie. */
export interface NpyArray {
  shape: number[];
  /** Bytes from the start of the file. */
  offset: number;
  bytes: number;
}

/**
 * Reads the header of a NumPy file (format 1 to 3) of little-endian float32 in C order.
 * @throws DataError for another type or order, and for a file that is cut short; `IO`
 */
export async function openNpy(path: string): Promise<NpyArray> {
  return await withFile(path, options, async (handle, size) => {
    const fail = refuser(path, options);
    const start = Buffer.from(await readAt(handle, 0, Math.min(12, size), fail));
    if (start.length < 12 || start.toString('latin1', 0, 6) !== '\x93NUMPY') fail('it does not begin as one');
    const wide = start[6]! > 1;
    const first = wide ? 12 : 10;
    const length = wide ? start.readUInt32LE(8) : start.readUInt16LE(8);
    if (first + length > size) fail('its header is cut short');
    const header = Buffer.from(await readAt(handle, first, length, fail)).toString('latin1');
    if (!/'descr'\s*:\s*'<f4'/.test(header)) fail('its numbers are of another type');
    if (!/'fortran_order'\s*:\s*False/.test(header)) fail('it is in Fortran order');
    const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1] ?? fail('its header has no shape');
    const sizes = shape
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(Number);
    const bytes = sizes.reduce((product, axis) => product * axis, 4);
    const offset = first + length;
    if (!sizes.every(Number.isSafeInteger) || offset + bytes !== size) fail('its size is not what it says');
    return { shape: sizes, offset, bytes };
  });
}
