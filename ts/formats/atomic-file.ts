import fs from 'node:fs';
import path from 'node:path';
import { ioError, systemCode } from './io-error';

let temporaryCount = 0;
const temporaryName = /^(.+)\.tmp-(\d+)-\d+$/;

/**
 * A file that appears whole or not at all, also after a loss of power: written aside in the same folder, synced,
 * renamed over the old file, and the folder synced. Until `commit()` resolves the old file is what readers see.
 *
 * A failed fsync is never tried again: Linux drops the dirty pages, so a second call would succeed over lost data.
 */
export class AtomicFile {
  /** Where the file will stand. */
  readonly path: string;
  readonly temporaryPath: string;
  /** Bytes from the start of the file where `write` goes on. */
  position = 0;
  #handle: fs.promises.FileHandle | null;

  private constructor(target: string, temporaryPath: string, handle: fs.promises.FileHandle) {
    this.path = target;
    this.temporaryPath = temporaryPath;
    this.#handle = handle;
  }

  /** Opens a temporary file beside `target`. @throws FlorigenError with code `IO` */
  static async create(target: string): Promise<AtomicFile> {
    for (;;) {
      const temporaryPath = `${target}.tmp-${process.pid}-${temporaryCount++}`;
      try {
        return new AtomicFile(target, temporaryPath, await fs.promises.open(temporaryPath, 'wx+'));
      } catch (error) {
        // Worker threads share the process id and count apart.
        if (systemCode(error) === 'EEXIST') continue;
        throw ioError(target, 'could not be written', error);
      }
    }
  }

  /** Appends at `position`. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.writeAt(bytes, this.position);
    this.position += bytes.byteLength;
  }

  /** Writes at a place of the file; the loop is for the short writes that a system may do. */
  async writeAt(bytes: Uint8Array, offset: number): Promise<void> {
    let done = 0;
    while (done < bytes.byteLength) {
      const { bytesWritten } = await this.#try('could not be written', (handle) =>
        handle.write(bytes, done, bytes.byteLength - done, offset + done),
      );
      done += bytesWritten;
    }
  }

  /** Reads back `length` bytes of what was written. @throws FlorigenError with code `IO`, also at the end of file */
  async readAt(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#try('could not be read back', (handle) =>
        handle.read(bytes, done, length - done, offset + done),
      );
      if (bytesRead === 0) throw new RangeError(`only ${offset + done} bytes of ${this.path} were written`);
      done += bytesRead;
    }
    return bytes;
  }

  /** Cuts or extends (with zeros) the file to `size` bytes. */
  async truncate(size: number): Promise<void> {
    await this.#try('could not be written', (handle) => handle.truncate(size));
  }

  /** Makes the file appear. After a failure the temporary file is gone and the old file is as it was. */
  async commit(): Promise<void> {
    try {
      await this.#try('could not be saved', (handle) => handle.sync());
      await this.#close();
      await fs.promises.rename(this.temporaryPath, this.path);
    } catch (error) {
      await this.abort();
      throw ioError(this.path, 'could not be saved', error);
    }
    await syncFolder(path.dirname(this.path));
  }

  /** Drops what was written. Never throws, may be called at any time; after `commit()` it does nothing. */
  async abort(): Promise<void> {
    await this.#close().catch(() => {});
    await fs.promises.rm(this.temporaryPath, { force: true }).catch(() => {});
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  async #try<T>(action: string, call: (handle: fs.promises.FileHandle) => Promise<T>): Promise<T> {
    if (this.#handle === null) throw new Error(`${this.temporaryPath} is closed`);
    try {
      return await call(this.#handle);
    } catch (error) {
      throw ioError(this.path, action, error);
    }
  }
}

/** Runs `body` on a new atomic file, commits it, and on any error drops it and passes the error on. */
export async function writeAtomically<T>(target: string, body: (file: AtomicFile) => Promise<T>): Promise<T> {
  const file = await AtomicFile.create(target);
  let result: T;
  try {
    result = await body(file);
  } catch (error) {
    await file.abort();
    throw error;
  }
  await file.commit();
  return result;
}

/** Writes a whole file atomically and durably. @throws FlorigenError with code `IO` */
export async function writeFileAtomic(target: string, data: Uint8Array | string): Promise<void> {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  await writeAtomically(target, (file) => file.write(bytes));
}

/** Makes the names in a folder durable. @throws FlorigenError with code `IO` */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await fs.promises.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Some network file systems cannot sync a folder and say so; there is nothing better to do on them.
    if (systemCode(error) === 'EINVAL' || systemCode(error) === 'ENOTSUP') return;
    throw ioError(folder, 'could not be saved', error);
  }
}

/**
 * Deletes temporary files that a killed process left in a folder, and returns their names. Files of a process that
 * still runs are kept. With `target`, only those of that file name are looked at. A missing folder holds none.
 */
export async function sweepTemporaries(folder: string, target?: string): Promise<string[]> {
  const swept: string[] = [];
  for (const name of await fs.promises.readdir(folder).catch(() => [] as string[])) {
    const parts = temporaryName.exec(name);
    if (parts === null || (target !== undefined && parts[1] !== target)) continue;
    const file = path.join(folder, name);
    if (await isInUse(file, Number(parts[2]))) continue;
    await fs.promises.rm(file, { force: true });
    swept.push(name);
  }
  return swept;
}

/** In a container a new process often has the number of the one before: then age decides. */
async function isInUse(file: string, pid: number): Promise<boolean> {
  if (pid !== process.pid) return isAlive(pid);
  const started = Date.now() - process.uptime() * 1000;
  const { mtimeMs } = await fs.promises.stat(file).catch(() => ({ mtimeMs: 0 }));
  return mtimeMs >= started - 1;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
