import { readInt32, readTensor, requireTensor, type SafetensorsFile } from '../formats/safetensors';
import { refuser } from '../formats/safetensors-header';
import { type PackDescription, packReadOptions, splitNames } from './pack';

/** Texts that lie one after the other in UTF-8. */
export class TextTable {
  readonly #start: Int32Array;
  readonly #text: Buffer;

  constructor(start: Int32Array, text: Uint8Array) {
    this.#start = start;
    this.#text = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  }

  get count(): number {
    return this.#start.length - 1;
  }

  at(index: number): string {
    return this.#text.toString('utf8', this.#start[index], this.#start[index + 1]);
  }
}

/** The small tables of a pack, checked. */
export class PackIndex {
  #identities: Int32Array | null = null;

  constructor(
    readonly imageCount: number,
    readonly classes: Int32Array,
    readonly splits: Uint8Array,
    readonly captionStart: Int32Array,
    readonly texts: TextTable,
    readonly held: Uint8Array,
    readonly sources: TextTable,
  ) {}

  /** See `Dataset.captionIdentities`. */
  identities(): Int32Array {
    if (this.#identities === null) {
      const first = new Map<string, number>();
      this.#identities = Int32Array.from({ length: this.texts.count }, (_, caption) => {
        const text = this.texts.at(caption);
        const known = first.get(text);
        if (known === undefined) first.set(text, caption);
        return known ?? caption;
      });
    }
    return this.#identities;
  }
}

/** Reads the tables of a pack and checks that they fit each other. @throws DataError */
export async function readPackIndex(file: SafetensorsFile, pack: PackDescription): Promise<PackIndex> {
  const fail = refuser(file.path, packReadOptions);
  const n = requireTensor(file, 'image.split', { dtype: 'U8', shape: [-1] }).shape[0]!;
  if (n === 0) fail('it holds no image');
  for (const size of pack.sizes) {
    requireTensor(file, `images/${size}`, { dtype: 'U8', shape: [n, size, size, 3] });
  }
  requireTensor(file, 'image.class', { dtype: 'I32', shape: [n] });
  const classes = await readInt32(file, 'image.class');
  const classCount = pack.classes?.length ?? 0;
  if (classes.some((id) => id < -1 || id >= classCount)) fail(`an image is of a class that is not named`);
  const splits = await readTensor(file, 'image.split');
  if (splits.some((split) => split >= splitNames.length)) fail('an image is in a split that does not exist');

  const texts = await readTextTable(file, { start: 'caption.textStart', text: 'caption.text' });
  requireTensor(file, 'caption.held', { dtype: 'U8', shape: [texts.count] });
  const held = await readTensor(file, 'caption.held');
  if (held.some((value) => value > 1)) fail('`caption.held` has a value that is neither 0 nor 1');
  requireTensor(file, 'image.captionStart', { dtype: 'I32', shape: [n + 1] });
  const captionStart = await readInt32(file, 'image.captionStart');
  checkStarts(captionStart, { end: texts.count, name: 'image.captionStart', least: 1, fail });
  const sources = await readTextTable(file, { start: 'image.sourceStart', text: 'image.source' });
  if (sources.count !== n) fail(`it names the sources of ${sources.count} images, but holds ${n}`);
  return new PackIndex(n, classes, splits, captionStart, texts, held, sources);
}

async function readTextTable(
  file: SafetensorsFile,
  names: { start: string; text: string },
): Promise<TextTable> {
  const fail = refuser(file.path, packReadOptions);
  requireTensor(file, names.start, { dtype: 'I32', shape: [-1] });
  requireTensor(file, names.text, { dtype: 'U8', shape: [-1] });
  const start = await readInt32(file, names.start);
  const text = await readTensor(file, names.text);
  if (start.length === 0) fail(`\`${names.start}\` is empty`);
  checkStarts(start, { end: text.length, name: names.start, least: 0, fail });
  if (start.some((byte) => (text[byte]! & 0xc0) === 0x80)) fail(`\`${names.start}\` splits a character`);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    fail(`\`${names.text}\` is not UTF-8`);
  }
  return new TextTable(start, text);
}

/** Starts must begin at 0, rise by at least `least`, and end at `end`. */
function checkStarts(
  start: Int32Array,
  rule: { end: number; name: string; least: number; fail: (what: string) => never },
): void {
  if (start[0] !== 0 || start.at(-1) !== rule.end) rule.fail(`\`${rule.name}\` does not span its table`);
  for (let i = 1; i < start.length; i++) {
    if (start[i]! - start[i - 1]! < rule.least) rule.fail(`\`${rule.name}\` does not rise at place ${i}`);
  }
}
