import { DataError } from '../errors';
import { type PackTruth, splitNames } from './pack';
import type { PackImage, PackLayout } from './pack-writer';

type Captions = PackImage['captions'];

/** The small tensors of a pack while it is written: everything but images and masks. */
export class PackTables {
  readonly split: Uint8Array;
  readonly #layout: PackLayout;
  readonly #classes: Int32Array;
  readonly #captions: (Captions | undefined)[] = [];
  readonly #sources: string[] = [];
  readonly #attributes: Int32Array;
  readonly #pose: Float32Array;
  readonly #background: Uint8Array;

  constructor(layout: PackLayout) {
    const { imageCount: n, truth } = layout;
    this.#layout = layout;
    this.split = new Uint8Array(n);
    this.#classes = new Int32Array(n);
    this.#attributes = new Int32Array(n * (truth?.attributes.length ?? 0));
    this.#pose = new Float32Array(n * (truth?.pose.length ?? 0));
    this.#background = new Uint8Array(truth === undefined ? 0 : n * 3);
  }

  get hasMask(): boolean {
    return (this.#layout.truth?.mask.length ?? 0) > 0;
  }

  /** One more than the highest place taken. */
  get count(): number {
    return this.#captions.length;
  }

  add(index: number, image: PackImage): void {
    const { imageCount, classes, truth } = this.#layout;
    if (!(index >= 0 && index < imageCount)) throw new RangeError(`no image ${index} of ${imageCount}`);
    if (this.#captions[index] !== undefined) throw new RangeError(`image ${index} was added before`);
    if (!(image.classId >= -1 && image.classId < (classes?.length ?? 0))) {
      throw new RangeError(`image ${index} is of class ${image.classId}, which is not in the layout`);
    }
    if (image.captions.length === 0) throw new RangeError(`image ${index} has no caption`);
    if (truth !== undefined) this.#addTruth(index, image.truth, truth);
    this.#captions[index] = image.captions;
    this.#sources[index] = `${image.source.path}\t${image.source.sha256 ?? ''}`;
    this.#classes[index] = image.classId;
    this.split[index] = splitNames.indexOf(image.split);
  }

  #addTruth(index: number, own: PackImage['truth'], columns: PackTruth): void {
    if (own === undefined) throw new RangeError(`image ${index} has no ground truth`);
    setRow(this.#attributes, index, own.attributes, columns.attributes.length);
    setRow(this.#pose, index, own.pose, columns.pose.length);
    setRow(this.#background, index, own.background, 3);
  }

  /** Number of captions, and bytes of the two text tables. */
  lengths(): { captions: number; text: number; sources: number } {
    let captions = 0;
    let text = 0;
    for (const own of this.#captions) {
      captions += own?.length ?? 0;
      for (const caption of own ?? []) text += Buffer.byteLength(caption.text, 'utf8');
    }
    const sources = this.#sources.reduce((sum, source) => sum + Buffer.byteLength(source, 'utf8'), 0);
    return { captions, text, sources };
  }

  /** The bytes of each tensor by name. */
  finish(): Map<string, Uint8Array> {
    const n = this.count;
    const perImage: Captions[] = [];
    for (let index = 0; index < n; index++) {
      perImage.push(this.#captions[index] ?? missing(index));
    }
    if (n === 0) throw new DataError('A pack must hold at least one image, but there is none.');
    const captions = perImage.flat();
    const texts = textTable(captions.map(({ text }) => text));
    const sources = textTable(this.#sources);
    return new Map([
      ['image.class', asBytes(this.#classes.subarray(0, n))],
      ['image.split', this.split.subarray(0, n)],
      ['image.captionStart', asBytes(starts(perImage.map((own) => own.length)))],
      ['image.sourceStart', sources.start],
      ['image.source', sources.text],
      ['caption.textStart', texts.start],
      ['caption.text', texts.text],
      ['caption.held', Uint8Array.from(captions, ({ held }) => (held ? 1 : 0))],
      [
        'truth.attributes',
        asBytes(this.#attributes.subarray(0, (this.#attributes.length / this.#layout.imageCount) * n)),
      ],
      ['truth.pose', asBytes(this.#pose.subarray(0, (this.#pose.length / this.#layout.imageCount) * n))],
      ['truth.background', this.#background.subarray(0, n * 3)],
    ]);
  }
}

function missing(index: number): never {
  throw new RangeError(`image ${index} was not added, but a later one was`);
}

function setRow(
  table: { set(values: ArrayLike<number>, offset: number): void },
  index: number,
  values: ArrayLike<number>,
  width: number,
): void {
  if (values.length !== width) {
    throw new RangeError(`image ${index} has ${values.length} values where ${width} are due`);
  }
  table.set(values, index * width);
}

/** Texts one after the other in UTF-8, and where each begins, with the end after the last. */
function textTable(texts: readonly string[]): { start: Uint8Array; text: Uint8Array } {
  const encoded = texts.map((text) => Buffer.from(text, 'utf8'));
  return { start: asBytes(starts(encoded.map((text) => text.length))), text: Buffer.concat(encoded) };
}

function starts(lengths: readonly number[]): Int32Array {
  const start = new Int32Array(lengths.length + 1);
  let sum = 0;
  for (const [index, length] of lengths.entries()) {
    sum += length;
    if (sum > 2 ** 31 - 1)
      throw new DataError('The texts of a pack must be under 2 GiB together, but are longer.');
    start[index + 1] = sum;
  }
  return start;
}

function asBytes(values: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
