import { DataError, type FlorigenError } from '../errors';
import { JsonScanner } from './json-scanner';
import { isDtype, type SafetensorsDtype, tensorBytes } from './safetensors-dtypes';

/** Largest header that the format allows, in bytes. */
export const maximumHeaderBytes = 100_000_000;
const maximumRank = 64;

/** One tensor of a safetensors file: where its packed, row-major, little-endian bytes lie. */
export interface SafetensorsTensor {
  dtype: SafetensorsDtype;
  shape: number[];
  /** Bytes from the start of the file; may be at any alignment. */
  offset: number;
  bytes: number;
}

/** What the header of a safetensors file says. Names are map keys only, never paths. */
export interface SafetensorsHeader {
  metadata: Map<string, string>;
  tensors: Map<string, SafetensorsTensor>;
  /** Bytes from the start of the file to the data section. */
  dataStart: number;
}

/** How a reader names a bad file: the class of error of whoever asks (`DataError`, `CheckpointError`). */
export interface ReadOptions {
  error?: new (message: string, details?: { hint?: string; cause?: unknown }) => FlorigenError;
  /** What the file should be, as in "a florigen pack"; default "a safetensors file". */
  kind?: string;
}

/** The function with which a reader refuses a file, in one sentence. */
export function refuser(path: string, options: ReadOptions, cause?: unknown): (what: string) => never {
  const ErrorClass = options.error ?? DataError;
  return (what) => {
    throw new ErrorClass(`\`${path}\` must be ${options.kind ?? 'a safetensors file'}, but ${what}.`, {
      hint: 'The file is of another kind, was cut short, or was altered: fetch or write it again.',
      cause,
    });
  };
}

/**
 * Checks the length field of a header against the file. @returns bytes of the header, without the field itself
 * @param prefix the first eight bytes of the file, or all of it where it is shorter
 */
export function headerLength(prefix: Uint8Array, fileSize: number, fail: (what: string) => never): number {
  if (prefix.byteLength < 8) return fail(`has only ${prefix.byteLength} bytes`);
  const length = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  if (length > BigInt(maximumHeaderBytes)) return fail('its header is said to be longer than 100 MB');
  if (length === 0n) return fail('its header is empty');
  if (Number(length) + 8 > fileSize) return fail('its header is said to be longer than the file');
  return Number(length);
}

/**
 * Parses and checks the header of a safetensors file, stricter than the reference reader: no leading space, no
 * duplicate or control-character names, rank at most 64. Tensors come in the order of their bytes, which must fill
 * the data section without hole, overlap or tail.
 * @param bytes the file from its first byte on, at least to the end of the header
 * @param fileSize bytes of the whole file
 * @throws the error of `options`, in one sentence
 */
export function parseSafetensorsHeader(
  bytes: Uint8Array,
  fileSize: number,
  path = 'data',
  options: ReadOptions = {},
): SafetensorsHeader {
  const fail = refuser(path, options);
  const length = headerLength(bytes.subarray(0, 8), fileSize, fail);
  const scanner = new JsonScanner(decode(bytes.subarray(8, 8 + length), fail), fail);
  if (scanner.text[0] !== '{') fail('its header does not begin with `{`');
  const header: SafetensorsHeader = { metadata: new Map(), tensors: new Map(), dataStart: 8 + length };
  let hasMetadata = false;
  scanner.object((name) => {
    if (name === '__metadata__') {
      if (hasMetadata) fail('its header has `__metadata__` twice');
      hasMetadata = true;
      readMetadata(scanner, header.metadata);
      return;
    }
    const shown = shownName(name);
    if (/\p{Cc}/u.test(name)) fail(`the name of tensor ${shown} has a control character`);
    if (header.tensors.has(name)) fail(`its header has tensor ${shown} twice`);
    header.tensors.set(name, readEntry(scanner, shown));
  });
  scanner.end();
  header.tensors = inFileOrder(header, fileSize, fail);
  return header;
}

/** A name as an error may print it: quoted, on one line, cut where it is long. */
export function shownName(name: string): string {
  const quoted = JSON.stringify(name);
  return quoted.length > 80 ? `${quoted.slice(0, 76)}..."` : quoted;
}

function decode(bytes: Uint8Array, fail: (what: string) => never): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail('its header is not UTF-8 text');
  }
}

function readMetadata(scanner: JsonScanner, metadata: Map<string, string>): void {
  if (scanner.takeNull()) return;
  scanner.object((key) => metadata.set(key, scanner.string()));
}

/** Reads one entry; `offset` and `bytes` are still relative to the data section. */
function readEntry(scanner: JsonScanner, shown: string): SafetensorsTensor {
  const fail = (what: string): never => scanner.fail(`tensor ${shown} ${what}`);
  let dtype: SafetensorsDtype | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  scanner.object((field) => {
    if (field === 'dtype') {
      if (dtype !== undefined) fail('has `dtype` twice');
      const name = scanner.string();
      dtype = isDtype(name) ? name : fail(`has the unknown dtype ${shownName(name)}`);
    } else if (field === 'shape') {
      if (shape !== undefined) fail('has `shape` twice');
      shape = readIntegers(scanner, `a dimension of tensor ${shown}`, maximumRank);
    } else if (field === 'data_offsets') {
      if (offsets !== undefined) fail('has `data_offsets` twice');
      offsets = readIntegers(scanner, `an offset of tensor ${shown}`, 2);
    } else scanner.skipValue();
  });
  if (dtype === undefined) return fail('has no `dtype`');
  if (shape === undefined) return fail('has no `shape`');
  const [begin, end] = offsets ?? fail('has no `data_offsets`');
  if (begin === undefined || end === undefined) return fail('must have two `data_offsets`');
  if (begin > end) return fail('ends before it begins');
  const bytes = tensorBytes(dtype, shape);
  if (typeof bytes === 'string') return fail(`is no tensor: ${bytes}`);
  if (end - begin !== bytes) return fail(`needs ${bytes} bytes, but has ${end - begin}`);
  return { dtype, shape, offset: begin, bytes };
}

function readIntegers(scanner: JsonScanner, what: string, maximumCount: number): number[] {
  const values: number[] = [];
  scanner.array((index) => {
    if (index >= maximumCount) scanner.fail(`${what} is one of more than ${maximumCount}`);
    values.push(scanner.integer(what));
  });
  return values;
}

/** Checks that the tensors tile the data section, and makes their offsets absolute. */
function inFileOrder(
  header: SafetensorsHeader,
  fileSize: number,
  fail: (what: string) => never,
): Map<string, SafetensorsTensor> {
  const ordered = [...header.tensors].sort(([, a], [, b]) => a.offset - b.offset || a.bytes - b.bytes);
  let expected = 0;
  for (const [name, tensor] of ordered) {
    if (tensor.offset !== expected) {
      const where = `begins at byte ${tensor.offset} of the data, where byte ${expected} is due`;
      fail(`tensor ${shownName(name)} ${where}`);
    }
    expected += tensor.bytes;
    tensor.offset += header.dataStart;
  }
  const present = fileSize - header.dataStart;
  if (present !== expected) fail(`its tensors need ${expected} bytes, but ${present} are there`);
  return new Map(ordered);
}
