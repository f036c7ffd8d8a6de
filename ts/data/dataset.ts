import { mustBe, UsageError } from '../errors';
import {
  fingerprint,
  readSafetensorsHeader,
  readTensor,
  requireTensor,
  type SafetensorsFile,
  verifyContent,
} from '../formats/safetensors';
import type { NativeTensorRef } from '../native/addon';
import { type BuildFlowersOptions, buildFlowersPack } from './flowers/build';
import { type ImportFolderOptions, type ImportReport, importFolder } from './import-folder';
import {
  type ImageSource,
  type PackDescription,
  packReadOptions,
  readPackDescription,
  type SplitName,
  splitNames,
} from './pack';
import { type PackIndex, readPackIndex } from './pack-index';
import { type GroundTruth, readGroundTruth } from './pack-truth';

export type { SplitName } from './pack';

/** A caption of a pack. */
export interface Caption {
  /** Place among all captions of the pack; the row of its embedding. */
  index: number;
  text: string;
  /** True for a caption with a word that is kept out of training. */
  held: boolean;
}

/** An opened pack. Images are read when asked for; captions and small tables are in memory. A pack never changes. */
export class Dataset {
  readonly path: string;
  readonly metadata: PackDescription;
  /** Hex; stands for the whole content. Runs and embeddings record it. */
  readonly fingerprint: string;
  /** The ground truth of built-in flowers; null in other packs. */
  readonly truth: GroundTruth | null;
  readonly #file: SafetensorsFile;
  readonly #index: PackIndex;

  private constructor(
    file: SafetensorsFile,
    parts: { metadata: PackDescription; index: PackIndex; truth: GroundTruth | null },
  ) {
    this.path = file.path;
    this.metadata = parts.metadata;
    this.fingerprint = fingerprint(file);
    this.truth = parts.truth;
    this.#file = file;
    this.#index = parts.index;
  }

  /**
   * Opens a pack and checks its header and tables, not its pixels (see `verify`).
   * @throws DataError for a missing, foreign or corrupt file
   */
  static async open(path: string): Promise<Dataset> {
    const file = await readSafetensorsHeader(path, packReadOptions);
    const metadata = readPackDescription(file);
    const index = await readPackIndex(file, metadata);
    const truth = await readGroundTruth(file, metadata, index.imageCount);
    return new Dataset(file, { metadata, index, truth });
  }

  /** Draws and packs the built-in flowers, and opens the pack; see `buildFlowersPack`. */
  static async buildFlowers(options: BuildFlowersOptions): Promise<Dataset> {
    await buildFlowersPack(options);
    return await Dataset.open(options.path);
  }

  /** Packs a folder of one's own images; see `importFolder`. */
  static async importFolder(options: ImportFolderOptions): Promise<ImportReport> {
    return await importFolder(options);
  }

  get imageCount(): number {
    return this.#index.imageCount;
  }

  get captionCount(): number {
    return this.#index.texts.count;
  }

  /** Names of classes by id; null where images have no class. */
  get classNames(): readonly string[] | null {
    return this.metadata.classes;
  }

  /** Sides of the stored images, in pixels. */
  get sizes(): readonly number[] {
    return this.metadata.sizes;
  }

  /** The split of an image. */
  split(image: number): SplitName {
    return splitNames[this.#index.splits[this.#checkImage(image)]!]!;
  }

  /** Places of all images of a split, ascending. */
  imagesOf(split: SplitName): number[] {
    const code = splitNames.indexOf(split);
    return [...this.#index.splits.keys()].filter((image) => this.#index.splits[image] === code);
  }

  /** The class of an image, or -1. */
  classOf(image: number): number {
    return this.#index.classes[this.#checkImage(image)]!;
  }

  /** The captions of an image, in order; at least one. */
  captionsOf(image: number): Caption[] {
    const start = this.#index.captionStart;
    const captions: Caption[] = [];
    for (let c = start[this.#checkImage(image)]!; c < start[image + 1]!; c++) captions.push(this.caption(c));
    return captions;
  }

  /** Caption by its place among all. */
  caption(index: number): Caption {
    if (!(Number.isInteger(index) && index >= 0 && index < this.captionCount)) {
      throw new UsageError(mustBe('caption', `a number from 0 to ${this.captionCount - 1}`, index));
    }
    return { index, text: this.#index.texts.at(index), held: this.#index.held[index] === 1 };
  }

  /** For each caption the place of the first caption with the same text: equal numbers, equal texts. */
  get captionIdentities(): Int32Array {
    return this.#index.identities();
  }

  /** True where two images have a caption in common. */
  sharesCaption(image: number, other: number): boolean {
    const identities = this.captionIdentities;
    const start = this.#index.captionStart;
    const own = identities.subarray(start[this.#checkImage(image)]!, start[image + 1]!);
    const others = identities.subarray(start[this.#checkImage(other)]!, start[other + 1]!);
    return own.some((identity) => others.includes(identity));
  }

  /** The file that an image was made from. */
  sourceOf(image: number): ImageSource {
    const line = this.#index.sources.at(this.#checkImage(image));
    const tab = line.lastIndexOf('\t');
    return { path: line.slice(0, tab), sha256: line.slice(tab + 1) };
  }

  /** RGB bytes [size, size, 3] of an image. @throws DataError, also where the pack has changed since it was opened */
  async image(image: number, size = this.sizes[0]!): Promise<Uint8Array> {
    if (!this.sizes.includes(size))
      throw new UsageError(mustBe('size', `one of ${this.sizes.join(', ')}`, size));
    const length = size * size * 3;
    return await readTensor(this.#file, `images/${size}`, {
      start: this.#checkImage(image) * length,
      length,
    });
  }

  /** Where a tensor lies, for the native side, which maps the file. */
  tensorRef(name: string): NativeTensorRef {
    const { offset, bytes, dtype, shape } = requireTensor(this.#file, name);
    if (dtype !== 'U8' && dtype !== 'I32' && dtype !== 'F32' && dtype !== 'F64') {
      throw new UsageError(mustBe('name', 'a tensor of dtype U8, I32, F32 or F64', `${name} (${dtype})`));
    }
    return { path: this.path, offset, bytes, dtype, shape };
  }

  /** Reads the whole file and compares with the hash in its header. @throws DataError where a bit has changed */
  async verify(options: { signal?: AbortSignal } = {}): Promise<void> {
    await verifyContent(this.#file, options);
  }

  #checkImage(image: number): number {
    if (Number.isInteger(image) && image >= 0 && image < this.imageCount) return image;
    throw new UsageError(mustBe('image', `a number from 0 to ${this.imageCount - 1}`, image));
  }
}
