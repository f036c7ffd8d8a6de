import sharp from 'sharp';

/** A picture that a generator drew. */
export class GeneratedImage {
  /** RGB bytes, row-major [height, width, 3]. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The sentence it was drawn for. */
  readonly prompt: string;
  /** Seed of its noise; the same generator, prompt and seed give the same picture. */
  readonly seed: number;

  constructor(fields: { data: Uint8Array; width: number; height: number; prompt: string; seed: number }) {
    this.data = fields.data;
    this.width = fields.width;
    this.height = fields.height;
    this.prompt = fields.prompt;
    this.seed = fields.seed;
  }

  /** The picture as a PNG file, without metadata. */
  async toPng(): Promise<Buffer> {
    return await sharp(this.data, { raw: { width: this.width, height: this.height, channels: 3 } })
      .png({ compressionLevel: 9 })
      .toBuffer();
  }
}

/** Cuts RGB bytes [n, side, side, 3] into pictures that own their bytes. */
export function imagesOf(
  bytes: Uint8Array,
  side: number,
  labels: readonly { prompt: string; seed: number }[],
): GeneratedImage[] {
  const size = side * side * 3;
  return labels.map(
    (label, i) =>
      new GeneratedImage({
        data: bytes.slice(i * size, (i + 1) * size),
        width: side,
        height: side,
        ...label,
      }),
  );
}
