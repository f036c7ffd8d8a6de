import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { type AtomicFile, sweepTemporaries, writeAtomically } from './atomic-file';
import { dtypeRank, type SafetensorsDtype, tensorBytes } from './safetensors-dtypes';
import { maximumHeaderBytes } from './safetensors-header';

const blockBytes = 1 << 20;
/** Stands in the header until the data has been hashed; as long as a SHA-256 in hex. */
const unknownHash = '0'.repeat(64);

/** A tensor to be written. A function is called, and an iterable read, only when its turn comes. */
export interface TensorSource {
  name: string;
  dtype: SafetensorsDtype;
  shape: readonly number[];
  data: Uint8Array | (() => Promise<Uint8Array>) | AsyncIterable<Uint8Array>;
}

/** A tensor's entry in a header that is to be written; `begin` counts from the start of the data section. */
export interface PlacedTensor {
  name: string;
  dtype: SafetensorsDtype;
  shape: readonly number[];
  begin: number;
  bytes: number;
}

export interface WrittenSafetensors {
  /** Bytes of the file. */
  size: number;
  /** SHA-256 of the data section, in hex. */
  contentSha256: string;
  /** SHA-256 of the header, in hex: what `fingerprint` gives for the file. */
  fingerprint: string;
}

/**
 * Writes a safetensors file, one tensor in memory at a time, as the reference writer orders it, and durably (see
 * `AtomicFile`). Adds the metadata `contentSha256`. What a killed process left of this file is deleted.
 * @throws FlorigenError with code `IO`; errors of the sources pass through; the old file is then untouched
 */
export async function writeSafetensors(
  path: string,
  content: { metadata?: Record<string, string>; tensors: readonly TensorSource[] },
): Promise<WrittenSafetensors> {
  const sources = [...content.tensors].sort(referenceOrder);
  const placed = placeTensors(sources);
  const metadata = content.metadata ?? {};
  await sweepTemporaries(dirname(path), basename(path));
  return await writeAtomically(path, async (file) => {
    await file.write(encodeHeader(metadata, placed, unknownHash));
    const hash = createHash('sha256');
    for (const [index, source] of sources.entries()) {
      await writeTensor(file, source, placed[index]!.bytes, hash);
    }
    const contentSha256 = hash.digest('hex');
    const header = encodeHeader(metadata, placed, contentSha256);
    await file.writeAt(header, 0);
    const fingerprint = createHash('sha256').update(header).digest('hex');
    return { size: file.position, contentSha256, fingerprint };
  });
}

/** Lays tensors out one after the other, in the order given. */
export function placeTensors(
  tensors: readonly { name: string; dtype: SafetensorsDtype; shape: readonly number[] }[],
): PlacedTensor[] {
  let begin = 0;
  return tensors.map(({ name, dtype, shape }) => {
    const bytes = tensorBytes(dtype, shape);
    if (typeof bytes === 'string') throw new RangeError(`tensor ${name}: ${bytes}`);
    const placed = { name, dtype, shape, begin, bytes };
    begin += bytes;
    return placed;
  });
}

/**
 * The length field and the header of a file, as the reference writer spells them, padded with spaces to a multiple
 * of 8 bytes, or to `paddedTo` bytes in all.
 */
export function encodeHeader(
  metadata: Record<string, string>,
  tensors: readonly PlacedTensor[],
  contentSha256: string,
  paddedTo?: number,
): Uint8Array {
  const entries: [string, unknown][] = [['__metadata__', { ...metadata, contentSha256 }]];
  const names = new Set(['__metadata__']);
  for (const { name, dtype, shape, begin, bytes } of tensors) {
    if (names.has(name) || /[\p{Cc}\p{Surrogate}]/u.test(name)) {
      throw new RangeError(`${JSON.stringify(name)} is taken, or cannot be the name of a tensor`);
    }
    names.add(name);
    entries.push([name, { dtype, shape, data_offsets: [begin, begin + bytes] }]);
  }
  const fields = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const json = Buffer.from(`{${fields.join(',')}}`, 'utf8');
  const length = (paddedTo ?? 8 + Math.ceil(json.length / 8) * 8) - 8;
  if (length < json.length || length > maximumHeaderBytes) throw new RangeError('the header is too long');
  const header = Buffer.alloc(8 + length, ' ');
  header.writeBigUInt64LE(BigInt(length));
  json.copy(header, 8);
  return header;
}

async function writeTensor(
  file: AtomicFile,
  source: TensorSource,
  bytes: number,
  hash: ReturnType<typeof createHash>,
): Promise<void> {
  const data = typeof source.data === 'function' ? await source.data() : source.data;
  const chunks = data instanceof Uint8Array ? [data] : data;
  const end = file.position + bytes;
  for await (const chunk of chunks) {
    // Hashing a whole tensor at once would block the event loop.
    for (let start = 0; start < chunk.byteLength; start += blockBytes) {
      const block = chunk.subarray(start, start + blockBytes);
      if (file.position + block.byteLength > end)
        throw new RangeError(`tensor ${source.name} has too many bytes`);
      hash.update(block);
      await file.write(block);
    }
  }
  if (file.position !== end) throw new RangeError(`tensor ${source.name} has too few bytes`);
}

/** Highest dtype first, then by name in UTF-8, as in `safetensors::serialize_to_file`: so every tensor is aligned. */
function referenceOrder(a: TensorSource, b: TensorSource): number {
  return dtypeRank(b.dtype) - dtypeRank(a.dtype) || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}
