import type { FileHandle } from 'node:fs/promises';
import { readAt } from './open-file';

const windowBytes = 1 << 18;

/**
 * Reads a part of a file forwards, through a window of 256 kB. Before each read of `n` bytes:
 * `if (cursor.lacks(n)) await cursor.fill(n);`, so that only a new window costs a turn of the event loop.
 * Numbers are little-endian.
 */
export class ByteCursor {
  #window = Buffer.alloc(0);
  #windowStart = 0;
  #at: number;

  /**
   * @param start first byte of the part
   * @param end byte after the part
   * @param fail throws the reader's own error, given what is wrong
   */
  constructor(
    private readonly handle: FileHandle,
    start: number,
    readonly end: number,
    private readonly fail: (what: string) => never,
  ) {
    this.#at = start;
  }

  /** Bytes from the start of the file. */
  get position(): number {
    return this.#at;
  }

  /** Bytes left of the part. */
  get remaining(): number {
    return this.end - this.#at;
  }

  /** True where the window does not hold the next `bytes` bytes. */
  lacks(bytes: number): boolean {
    return this.#at < this.#windowStart || this.#at + bytes > this.#windowStart + this.#window.length;
  }

  /** Moves the window, so that it holds the next `bytes` bytes; refuses where the part has not so many. */
  async fill(bytes: number): Promise<void> {
    if (bytes > this.remaining) this.fail(`it ends at byte ${this.end}, in the middle of something`);
    const length = Math.min(this.remaining, Math.max(bytes, windowBytes));
    const read = await readAt(this.handle, this.#at, length, this.fail);
    this.#window = Buffer.from(read.buffer);
    this.#windowStart = this.#at;
  }

  /** Passes over bytes without reading them. */
  skip(bytes: number): void {
    if (bytes > this.remaining) this.fail(`it ends at byte ${this.end}, in the middle of something`);
    this.#at += bytes;
  }

  byte(): number {
    return this.#window.readUInt8(this.#advance(1));
  }

  uint16(): number {
    return this.#window.readUInt16LE(this.#advance(2));
  }

  int32(): number {
    return this.#window.readInt32LE(this.#advance(4));
  }

  uint32(): number {
    return this.#window.readUInt32LE(this.#advance(4));
  }

  int64(): bigint {
    return this.#window.readBigInt64LE(this.#advance(8));
  }

  float64(): number {
    return this.#window.readDoubleLE(this.#advance(8));
  }

  /** The next bytes, in memory that the window still owns. */
  bytes(length: number): Buffer {
    const at = this.#advance(length);
    return this.#window.subarray(at, at + length);
  }

  #advance(bytes: number): number {
    const at = this.#at - this.#windowStart;
    this.#at += bytes;
    return at;
  }
}
