import path from 'node:path';
import { AtomicFile, sweepTemporaries } from '../formats/atomic-file';
import type { SafetensorsDtype } from '../formats/safetensors-dtypes';
import { encodeHeader, type PlacedTensor, placeTensors } from '../formats/safetensors-writer';
import { type PackDescription, packFormat, type SplitName, splitNames } from './pack';
import { hashData, moveDown } from './pack-rewrite';
import { PackTables } from './pack-tables';

/** What a pack will hold. `imageCount` is exact, or an upper bound. */
export type PackLayout = PackDescription & { imageCount: number };

/** One image of a pack with all that belongs to it. */
export interface PackImage {
  /** RGB bytes [size, size, 3] for each size of the layout. */
  pixels: Readonly<Record<number, Uint8Array>>;
  /** Place in `classes`, or -1. */
  classId: number;
  split: SplitName;
  /** In order; `held` captions use a word that is kept out of training. */
  captions: readonly { text: string; held: boolean }[];
  source: { path: string; sha256?: string };
  /** Ground truth, for a layout with `truth`. */
  truth?: {
    attributes: ArrayLike<number>;
    background: ArrayLike<number>;
    pose: ArrayLike<number>;
    /** Bytes [size, size] for each size, where the layout has a mask. */
    mask?: Readonly<Record<number, Uint8Array>>;
  };
}

/**
 * Writes a pack, an image at a time. Images go straight to their place in a temporary file, so memory holds the
 * captions and small tables only; the pack appears, whole and synced, when `finish()` resolves.
 */
export class PackWriter {
  readonly layout: PackLayout;
  readonly #file: AtomicFile;
  readonly #tables: PackTables;
  readonly #headerBytes: number;
  readonly #places: Map<string, PlacedTensor>;

  private constructor(layout: PackLayout, file: AtomicFile) {
    this.layout = layout;
    this.#file = file;
    this.#tables = new PackTables(layout);
    // Room for numbers that are not known yet; a multiple of a page, so that images begin on one.
    const largest = this.#place(layout.imageCount, { captions: 2 ** 31, text: 2 ** 31, sources: 2 ** 31 });
    const needed = encodeHeader(this.#metadata(), largest, '0'.repeat(64)).byteLength;
    this.#headerBytes = Math.ceil(needed / 4096) * 4096;
    this.#places = new Map(largest.map((tensor) => [tensor.name, tensor]));
  }

  /** @throws FlorigenError with code `IO` */
  static async create(target: string, layout: PackLayout): Promise<PackWriter> {
    await sweepTemporaries(path.dirname(target), path.basename(target));
    return new PackWriter(layout, await AtomicFile.create(target));
  }

  /** Images that were added so far. */
  get count(): number {
    return this.#tables.count;
  }

  /** Adds an image at a place from 0; places may come in any order. */
  async addImage(index: number, image: PackImage): Promise<void> {
    const parts: { tensor: string; bytes: Uint8Array }[] = [];
    const take = (tensor: string, bytes: Uint8Array | undefined, length: number) => {
      if (bytes?.byteLength === length) parts.push({ tensor, bytes });
      else
        throw new RangeError(`${tensor} of image ${index} needs ${length} bytes, has ${bytes?.byteLength}`);
    };
    for (const size of this.layout.sizes) {
      take(`images/${size}`, image.pixels[size], size * size * 3);
      if (this.#tables.hasMask) take(`truth.mask/${size}`, image.truth?.mask?.[size], size * size);
    }
    this.#tables.add(index, image);
    for (const { tensor, bytes } of parts) {
      const begin = this.#headerBytes + this.#places.get(tensor)!.begin;
      await this.#file.writeAt(bytes, begin + index * bytes.byteLength);
    }
  }

  /** Moves an image to another split; for splits that are drawn when all images are known. */
  setSplit(index: number, split: SplitName): void {
    this.#tables.split[index] = splitNames.indexOf(split);
  }

  /**
   * Ends the pack, which then holds as many images as were added: places 0 .. count - 1, without a gap.
   * @throws FlorigenError with code `IO`; the temporary file is then gone and an older pack untouched
   */
  async finish(): Promise<void> {
    try {
      await this.#complete();
    } catch (error) {
      await this.abort();
      throw error;
    }
    await this.#file.commit();
  }

  /** Drops everything. May be called at any time. */
  async abort(): Promise<void> {
    await this.#file.abort();
  }

  async #complete(): Promise<void> {
    const tables = this.#tables.finish();
    const tensors = this.#place(this.#tables.count, this.#tables.lengths());
    for (const tensor of tensors) {
      if (tables.has(tensor.name)) continue;
      const from = this.#headerBytes + this.#places.get(tensor.name)!.begin;
      await moveDown(this.#file, { from, to: this.#headerBytes + tensor.begin, length: tensor.bytes });
    }
    for (const tensor of tensors) {
      const bytes = tables.get(tensor.name);
      if (bytes !== undefined) await this.#file.writeAt(bytes, this.#headerBytes + tensor.begin);
    }
    const last = tensors.at(-1)!;
    const size = this.#headerBytes + last.begin + last.bytes;
    await this.#file.truncate(size);
    const contentSha256 = await hashData(this.#file, this.#headerBytes, size);
    await this.#file.writeAt(encodeHeader(this.#metadata(), tensors, contentSha256, this.#headerBytes), 0);
  }

  #metadata(): Record<string, string> {
    const { imageCount: _, ...description } = this.layout;
    return { ...packFormat, pack: JSON.stringify(description satisfies PackDescription) };
  }

  /** Images and masks first, since their place must be known before the number of captions is. */
  #place(n: number, lengths: { captions: number; text: number; sources: number }): PlacedTensor[] {
    const { sizes, truth } = this.layout;
    const tensors: { name: string; dtype: SafetensorsDtype; shape: number[] }[] = [];
    const add = (name: string, dtype: SafetensorsDtype, ...shape: number[]) =>
      tensors.push({ name, dtype, shape });
    for (const size of sizes) add(`images/${size}`, 'U8', n, size, size, 3);
    if (this.#tables.hasMask) for (const size of sizes) add(`truth.mask/${size}`, 'U8', n, size, size);
    add('image.class', 'I32', n);
    add('image.captionStart', 'I32', n + 1);
    add('image.sourceStart', 'I32', n + 1);
    add('caption.textStart', 'I32', lengths.captions + 1);
    if (truth !== undefined) {
      add('truth.attributes', 'I32', n, truth.attributes.length);
      add('truth.pose', 'F32', n, truth.pose.length);
      add('truth.background', 'U8', n, 3);
    }
    add('image.split', 'U8', n);
    add('caption.held', 'U8', lengths.captions);
    add('caption.text', 'U8', lengths.text);
    add('image.source', 'U8', lengths.sources);
    return placeTensors(tensors);
  }
}
