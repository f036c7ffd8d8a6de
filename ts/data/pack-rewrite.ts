import { createHash } from 'node:crypto';
import type { AtomicFile } from '../formats/atomic-file';

const blockBytes = 1 << 20;

/** Moves bytes of a file that is being written towards its start, block by block, so that the ranges may overlap. */
export async function moveDown(
  file: AtomicFile,
  range: { from: number; to: number; length: number },
): Promise<void> {
  const { from, to, length } = range;
  if (to > from) throw new RangeError(`cannot move bytes up, from ${from} to ${to}`);
  if (to === from) return;
  for (let done = 0; done < length; done += blockBytes) {
    const block = await file.readAt(from + done, Math.min(blockBytes, length - done));
    await file.writeAt(block, to + done);
  }
}

/** SHA-256 in hex of bytes `start .. end - 1` of a file that is being written. */
export async function hashData(file: AtomicFile, start: number, end: number): Promise<string> {
  const hash = createHash('sha256');
  for (let offset = start; offset < end; offset += blockBytes) {
    hash.update(await file.readAt(offset, Math.min(blockBytes, end - offset)));
  }
  return hash.digest('hex');
}
