import fs from 'node:fs';

interface Faults {
  /** Place, among all calls, of the one that fails. */
  failAt?: number;
  code?: string;
  /** Most bytes that one write takes. */
  shortWrites?: number;
}

/** Watches the calls that write files in this process, in order, and lets one of them fail. */
export class FaultyFileSystem {
  /** "name path" of each call: open, write, sync, close, truncate, rename. */
  readonly log: string[] = [];
  failed: { name: string; path: string } | null = null;
  readonly #faults: Faults;
  readonly #open = fs.promises.open;
  readonly #rename = fs.promises.rename;

  constructor(faults: Faults = {}) {
    this.#faults = faults;
    fs.promises.open = async (...args: Parameters<typeof fs.promises.open>) => {
      const name = String(args[0]);
      this.#call('open', name);
      return this.#watched(await this.#open(...args), name);
    };
    fs.promises.rename = async (from, to) => {
      this.#call('rename', String(from));
      await this.#rename(from, to);
    };
  }

  restore(): void {
    fs.promises.open = this.#open;
    fs.promises.rename = this.#rename;
  }

  #call(name: string, path: string): void {
    const place = this.log.length;
    this.log.push(`${name} ${path}`);
    if (place !== this.#faults.failAt) return;
    this.failed = { name, path };
    const code = this.#faults.code ?? 'EIO';
    throw Object.assign(new Error(`${code}: planted, ${name}`), { code, errno: -5, syscall: name });
  }

  #watched(handle: fs.promises.FileHandle, path: string): fs.promises.FileHandle {
    const watched = {
      stat: () => handle.stat(),
      read: (...args: unknown[]) => (handle.read as (...all: unknown[]) => unknown).apply(handle, args),
      write: async (bytes: Uint8Array, offset: number, length: number, position: number) => {
        this.#call('write', path);
        const most = Math.min(length, this.#faults.shortWrites ?? length);
        return await handle.write(bytes, offset, most, position);
      },
      sync: async () => {
        this.#call('sync', path);
        await handle.sync();
      },
      truncate: async (size: number) => {
        this.#call('truncate', path);
        await handle.truncate(size);
      },
      close: async () => {
        // Linux closes the file also where close reports an error.
        await handle.close();
        this.#call('close', path);
      },
    };
    return watched as unknown as fs.promises.FileHandle;
  }
}
