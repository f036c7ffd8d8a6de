import fs from 'node:fs';
import { DataError } from '../errors';
import { ioError, systemCode } from './io-error';
import { bytesField, doubleField, findVarint, floatField, varintField } from './protobuf';
import { encodeRecord, readRecords } from './tfrecord';

/** Bytes of the first record of every event file; a shorter unsound file may be one that was killed at its birth. */
const versionEventBytes = 40;

/** An encoded picture of a summary. */
export interface EventImage {
  png: Uint8Array;
  width: number;
  height: number;
}

/**
 * Appends to an event file of TensorBoard (tensorflow/core/util/event.proto, summary.proto; one `Event` in each
 * TFRecord). The file's name must contain `tfevents`. Opening cuts off a record that a killed process left torn.
 */
export class EventWriter {
  readonly path: string;
  #handle: fs.promises.FileHandle | null;
  #position: number;

  private constructor(path: string, handle: fs.promises.FileHandle, position: number) {
    this.path = path;
    this.#handle = handle;
    this.#position = position;
  }

  /** Opens a file to append to, or begins one. @throws FlorigenError with code `IO` */
  static async open(path: string, options: { wallTime?: number } = {}): Promise<EventWriter> {
    const position = await cutEvents(path, Number.POSITIVE_INFINITY);
    const handle = await fs.promises.open(path, position === null ? 'wx' : 'r+').catch((error: unknown) => {
      throw ioError(path, 'could not be opened', error);
    });
    const writer = new EventWriter(path, handle, position ?? 0);
    if (writer.#position === 0) await writer.#append(0, options.wallTime, bytesField(3, 'brain.Event:2'));
    return writer;
  }

  /** Appends one event with several scalars, named as in `loss/generator`. @param wallTime seconds; default now */
  async scalars(step: number, values: Readonly<Record<string, number>>, wallTime?: number): Promise<void> {
    const summary = Object.entries(values).map(([tag, value]) =>
      bytesField(1, Buffer.concat([bytesField(1, tag), floatField(2, value)])),
    );
    await this.#append(step, wallTime, bytesField(5, Buffer.concat(summary)));
  }

  /** Appends one event with a picture. */
  async image(step: number, tag: string, image: EventImage, wallTime?: number): Promise<void> {
    const encoded = Buffer.concat([
      varintField(1, image.height),
      varintField(2, image.width),
      varintField(3, 3), // RGB
      bytesField(4, image.png),
    ]);
    const value = bytesField(1, Buffer.concat([bytesField(1, tag), bytesField(4, encoded)]));
    await this.#append(step, wallTime, bytesField(5, value));
  }

  /** Ends writing. May be called again. */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  async #append(step: number, wallTime = Date.now() / 1000, what: Buffer): Promise<void> {
    if (this.#handle === null) throw new Error(`${this.path} is closed`);
    // Protocol Buffers leave out what is zero.
    const when = step === 0 ? [] : [varintField(2, step)];
    const event = Buffer.concat([doubleField(1, wallTime), ...when, what]);
    const record = encodeRecord(event);
    try {
      for (let done = 0; done < record.length; ) {
        const at = this.#position + done;
        done += (await this.#handle.write(record, done, record.length - done, at)).bytesWritten;
      }
    } catch (error) {
      throw ioError(this.path, 'could not be written', error);
    }
    this.#position += record.length;
  }
}

/**
 * Cuts an event file back to the events up to a step, and a torn record at its end; on resume this takes back what
 * was logged after the checkpoint. A missing file stays missing.
 * @throws FlorigenError with code `IO`
 */
export async function truncateEvents(path: string, keepUpToStep: number): Promise<void> {
  await cutEvents(path, keepUpToStep);
}

/** Returns the bytes that are left, or null where there is no file. */
async function cutEvents(path: string, keepUpToStep: number): Promise<number | null> {
  let handle: fs.promises.FileHandle | undefined;
  try {
    handle = await fs.promises.open(path, 'r+');
    let kept = 0;
    for await (const { data, end } of readRecords(handle)) {
      if (findVarint(data, 2) > keepUpToStep) break;
      kept = end;
    }
    const { size } = await handle.stat();
    if (kept === 0 && size > versionEventBytes) {
      throw new DataError(`\`${path}\` must be a TensorBoard event file, but does not begin as one.`);
    }
    if (size !== kept) {
      await handle.truncate(kept);
      await handle.sync();
    }
    return kept;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw ioError(path, 'could not be cut back', error);
  } finally {
    await handle?.close();
  }
}
