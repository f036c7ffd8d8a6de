import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';

export type Resize = 'squash' | 'crop';

/** A decoded image, or why it could not be one. */
export type Decoded = { pixels: Record<number, Uint8Array>; sha256: string } | { reason: string };

const formats = new Set(['jpeg', 'png', 'webp']);
/** Above this a small file can claim gigabytes (reference/reliability.md, 2.1). */
const maximumPixels = 4096 * 4096;
const maximumBytes = 256 * 1024 * 1024;

/**
 * Decodes a JPEG, PNG or WebP file into RGB squares: turned as its EXIF data say, on white where it is transparent,
 * eight bits, sRGB. A file that is only partly readable is refused: half an image would be trained on as grey.
 */
export async function decodeImage(file: string, sizes: readonly number[], resize: Resize): Promise<Decoded> {
  try {
    const { size } = await stat(file);
    if (size === 0) return { reason: 'the file is empty' };
    if (size > maximumBytes) return { reason: 'the file is larger than 256 MB' };
    const bytes = await readFile(file);
    const input = { failOn: 'warning', limitInputPixels: maximumPixels } as const;
    const metadata = await sharp(bytes, input).metadata();
    if (!formats.has(metadata.format ?? '')) {
      return { reason: `it is ${metadata.format ?? 'unknown'} inside, not JPEG, PNG or WebP` };
    }
    const upright = sharp(bytes, input).autoOrient().flatten({ background: '#ffffff' }).toColorspace('srgb');
    const pixels: Record<number, Uint8Array> = {};
    for (const side of sizes) {
      const fit = resize === 'squash' ? 'fill' : 'cover';
      const square = upright.clone().resize(side, side, { fit, kernel: 'lanczos3' }).removeAlpha();
      const { data, info } = await square.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
      if (info.channels !== 3) return { reason: `it has ${info.channels} channels after conversion to RGB` };
      pixels[side] = data;
    }
    return { pixels, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  if (message.includes('pixel limit')) return 'it has more than 16.8 million pixels';
  if (message.includes('unsupported image format')) return 'it is not an image that can be read';
  return `it could not be decoded whole (${message.trim().replace(/^Input (buffer|file) /, '')})`;
}
