import type fs from 'node:fs';
import { maskedCrc32c } from './crc32c';

/** A record of a TFRecord file: u64 length | its masked CRC | data | its masked CRC, little-endian. */
export interface StoredRecord {
  data: Buffer;
  /** Bytes from the start of the file. */
  start: number;
  end: number;
}

const frameBytes = 16;

/** The bytes of one record. */
export function encodeRecord(data: Uint8Array): Buffer {
  const record = Buffer.alloc(frameBytes + data.byteLength);
  record.writeBigUInt64LE(BigInt(data.byteLength));
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc32c(data), 12 + data.byteLength);
  return record;
}

/** The whole, sound records at the start of a file, one after the other; ends before the first that is torn. */
export async function* readRecords(handle: fs.promises.FileHandle): AsyncGenerator<StoredRecord> {
  const { size } = await handle.stat();
  for (let start = 0; start + frameBytes <= size; ) {
    const head = await read(handle, start, 12);
    if (head.readUInt32LE(8) !== maskedCrc32c(head.subarray(0, 8))) return;
    const length = head.readBigUInt64LE();
    if (length > BigInt(size - start - frameBytes)) return;
    const body = await read(handle, start + 12, Number(length) + 4);
    const data = body.subarray(0, Number(length));
    if (body.readUInt32LE(data.byteLength) !== maskedCrc32c(data)) return;
    const end = start + frameBytes + data.byteLength;
    yield { data, start, end };
    start = end;
  }
}

async function read(handle: fs.promises.FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new RangeError('the file became shorter while it was read');
    done += bytesRead;
  }
  return bytes;
}
