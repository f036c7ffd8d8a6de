import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { ioError, systemCode } from './io-error';
import { type ReadOptions, refuser } from './safetensors-header';

/**
 * Opens a file for reading, and closes it whatever happens.
 * @throws the error of `options` for a missing file or a folder, code `IO` where the system refuses to read
 */
export async function withFile<T>(
  path: string,
  options: ReadOptions,
  body: (handle: fs.promises.FileHandle, size: number) => Promise<T>,
): Promise<T> {
  let handle: fs.promises.FileHandle | undefined;
  try {
    handle = await fs.promises.open(path, 'r');
    const stat = await handle.stat();
    if (!stat.isFile()) refuser(path, options)('it is not a file');
    return await body(handle, stat.size);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') refuser(path, options, error)('there is no such file');
    throw ioError(path, 'could not be read', error);
  } finally {
    await handle?.close();
  }
}

/** Reads exactly `length` bytes from `offset` on; `fail` says that they are not there. */
export async function readAt(
  handle: fs.promises.FileHandle,
  offset: number,
  length: number,
  fail: (what: string) => never,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) fail('it became shorter while it was read');
    done += bytesRead;
  }
  return bytes;
}

/** SHA-256 (hex) of a file. @throws FlorigenError `IO` */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of fs.createReadStream(path, { highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
  } catch (error) {
    throw ioError(path, 'could not be read', error);
  }
  return hash.digest('hex');
}
