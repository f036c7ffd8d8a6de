import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { DataError } from '../errors';

/** One file of an archive. */
export interface ZipEntry {
  name: string;
  compressedBytes: number;
  bytes: number;
  /** Whether the bytes are deflated or stored as they are. */
  deflated: boolean;
  executable: boolean;
  headerOffset: number;
}

const endRecord = 0x06054b50;
const end64Locator = 0x07064b50;
const end64Record = 0x06064b50;
const centralHeader = 0x02014b50;
const localHeader = 0x04034b50;
/** A 32-bit field of this value means that the 64-bit one counts (APPNOTE 4.5.3). */
const seeZip64 = 0xffffffff;
/** Entries up to this size are unpacked in memory, larger ones as a stream of such chunks. */
const chunkBytes = 1 << 20;

async function readAt(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, offset);
  return buffer.subarray(0, bytesRead);
}

/** Where the central directory lies and how long it is. */
async function locateDirectory(file: FileHandle, path: string): Promise<{ offset: number; bytes: number }> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== endRecord) at -= 1;
  if (at < 0) throw new DataError(`The file ${path} must be a whole zip archive, but has no end record`);
  const found = { offset: tail.readUInt32LE(at + 16), bytes: tail.readUInt32LE(at + 12) };
  const locator = at - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== end64Locator) return found;
  const record = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56);
  if (record.length < 56 || record.readUInt32LE(0) !== end64Record) {
    throw new DataError(`The file ${path} must be a whole zip archive, but its zip64 record is damaged`);
  }
  return { offset: Number(record.readBigUInt64LE(48)), bytes: Number(record.readBigUInt64LE(40)) };
}

/** The 64-bit sizes and offset, in this order, each only where its 32-bit field is full. */
function widen(fields: number[], extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return fields.map((value) => {
      if (value !== seeZip64) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return fields;
}

function damagedDirectory(path: string, cause?: unknown): DataError {
  return new DataError(`The file ${path} must be a whole zip archive, but its directory is damaged`, {
    cause,
  });
}

function parseDirectory(directory: Buffer, path: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length; ) {
    if (directory.readUInt32LE(at) !== centralHeader) {
      throw damagedDirectory(path);
    }
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const fields = [
      directory.readUInt32LE(at + 24),
      directory.readUInt32LE(at + 20),
      directory.readUInt32LE(at + 42),
    ];
    const [bytes, compressedBytes, headerOffset] = widen(fields, directory.subarray(nameEnd, extraEnd));
    entries.push({
      name: directory.toString('utf8', at + 46, nameEnd),
      bytes: bytes as number,
      compressedBytes: compressedBytes as number,
      headerOffset: headerOffset as number,
      deflated: directory.readUInt16LE(at + 10) === 8,
      executable: ((directory.readUInt32LE(at + 38) >>> 16) & 0o111) !== 0,
    });
    at = extraEnd + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** An archive opened for reading: the wheels that pip fetches, and what `torch.save` writes. */
export class ZipFile {
  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
    readonly entries: readonly ZipEntry[],
  ) {}

  /** @throws {DataError} where the file is no whole zip archive. */
  static async open(path: string): Promise<ZipFile> {
    const file = await open(path, 'r');
    try {
      const { offset, bytes } = await locateDirectory(file, path);
      if (!(offset + bytes <= (await file.stat()).size)) throw damagedDirectory(path);
      return new ZipFile(file, path, parseDirectory(await readAt(file, offset, bytes), path));
    } catch (error) {
      await file.close();
      // A field that reaches past the end of the directory.
      throw error instanceof RangeError ? damagedDirectory(path, error) : error;
    }
  }

  /** Unpacks one entry below `folder`, keeping its name and whether it may be executed. */
  async extract(entry: ZipEntry, folder: string): Promise<void> {
    const name = normalize(entry.name);
    if (name.startsWith('..') || name.startsWith(sep)) {
      throw new DataError(
        `The file ${this.path} has an entry outside its folder: ${JSON.stringify(entry.name)}`,
      );
    }
    const target = join(folder, name);
    await mkdir(dirname(target), { recursive: true });
    const mode = entry.executable ? 0o755 : 0o644;
    const written =
      entry.bytes > chunkBytes
        ? await this.stream(entry, target, mode)
        : await this.copy(entry, target, mode);
    if (written !== entry.bytes) {
      throw new DataError(
        `The entry ${entry.name} of ${this.path} must have ${entry.bytes} bytes, but has ${written}`,
      );
    }
  }

  private async copy(entry: ZipEntry, target: string, mode: number): Promise<number> {
    const stored = await readAt(this.file, await this.dataOffset(entry), entry.compressedBytes);
    const bytes = entry.deflated ? inflateRawSync(stored) : stored;
    await writeFile(target, bytes, { mode });
    return bytes.length;
  }

  private async stream(entry: ZipEntry, target: string, mode: number): Promise<number> {
    const writer = createWriteStream(target, { mode, highWaterMark: chunkBytes });
    if (entry.deflated)
      await pipeline(this.chunks(entry), createInflateRaw({ chunkSize: chunkBytes }), writer);
    else await pipeline(this.chunks(entry), writer);
    return writer.bytesWritten;
  }

  private async *chunks(entry: ZipEntry): AsyncGenerator<Buffer> {
    const start = await this.dataOffset(entry);
    for (let done = 0; done < entry.compressedBytes; done += chunkBytes) {
      yield await readAt(this.file, start + done, Math.min(chunkBytes, entry.compressedBytes - done));
    }
  }

  /** Bytes from the start of the file to the data of an entry. @throws {DataError} where it is not in the file */
  async dataOffset(entry: ZipEntry): Promise<number> {
    const header = await readAt(this.file, entry.headerOffset, 30);
    if (header.length < 30 || header.readUInt32LE(0) !== localHeader) {
      throw new DataError(`The entry ${entry.name} of ${this.path} is damaged`);
    }
    const start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (start + entry.compressedBytes > (await this.file.stat()).size) {
      throw new DataError(`The entry ${entry.name} of ${this.path} is cut short`);
    }
    return start;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
