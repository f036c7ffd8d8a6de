import {
  COLOR_NAMES,
  type ColorName,
  type Lab,
  labDistance,
  PALETTE_LAB,
  rgbToLab,
} from '../../data/flowers/palette';
import { DataError, mustBe } from '../../errors';
import { quantile } from '../statistics';
import { CENTER, firstLook, PETAL, READER_SIZE, REGION_KINDS, secondLook } from './features';
import { classifyPixels, type PixelNetwork } from './pixel-network';
import { largestComponent } from './planes';

/** A region smaller than this share of the picture is not there. */
export const SMALLEST_REGION = 0.02;

/** What was seen of one region. */
export interface RegionReading {
  /** The palette entry nearest to `lab`; null where the region is smaller than 2 % of the picture. */
  color: ColorName | null;
  /** Median of each CIELAB coordinate over the lighter half of the region; null where the region is empty. */
  lab: Lab | null;
  /** Share of the picture. */
  share: number;
}

export interface FlowerReading {
  petal: RegionReading;
  center: RegionReading;
  /** The fifth of the petal pixels nearest to the center: the foot of a gradient, as far as the center shows it. */
  innerPetal: RegionReading;
  /** The half of the petal pixels farthest from the center: the tips of a gradient. */
  outerPetal: RegionReading;
}

/** The two fitted looks of the reader and where they come from. */
export interface ReaderNetworks {
  first: PixelNetwork;
  second: PixelNetwork;
}

/**
 * Finds petals and center of a flower and names their colors. Which pixel belongs where is decided by two small
 * networks, the second of which sees what the first found; the color is a plain rule on the region's median.
 */
export class ColorReader {
  constructor(private readonly networks: ReaderNetworks) {}

  /** `rgb`: bytes `[side, side, 3]`; a side that is a multiple of 64 is averaged down to 64. @throws DataError */
  read(rgb: Uint8Array, side: number): FlowerReading {
    const picture = toReaderSize(rgb, side);
    const lab = labPlanes(picture);
    return this.describe(this.regions(lab), lab);
  }

  /** The most likely kind of region of every pixel, as in the masks of the built-in flowers. */
  regions(lab: Float32Array[]): Uint8Array {
    const first = firstLook(lab, READER_SIZE);
    const guess = classifyPixels(this.networks.first, first);
    const probabilities = classifyPixels(this.networks.second, secondLook(first, guess, lab, READER_SIZE));
    return mostLikely(probabilities);
  }

  private describe(kinds: Uint8Array, lab: Float32Array[]): FlowerReading {
    const petal = pixelsWhere(kinds, (kind) => kind === PETAL);
    const centerMask = largestComponent(
      kinds.map((kind) => (kind === CENTER ? 1 : 0)),
      READER_SIZE,
    );
    const center = pixelsWhere(centerMask, (value) => value === 1);
    const middle = centroid(center.length > 0 ? center : petal);
    const byRadius = [...petal].sort((a, b) => squaredRadius(a, middle) - squaredRadius(b, middle));
    return {
      petal: describeRegion(petal, lab),
      center: describeRegion(center, lab),
      innerPetal: describeRegion(byRadius.slice(0, Math.floor(byRadius.length / 5)), lab),
      outerPetal: describeRegion(byRadius.slice(byRadius.length >> 1), lab),
    };
  }
}

/** CIELAB planes `[3][pixels]` of RGB bytes. */
export function labPlanes(rgb: Uint8Array): Float32Array[] {
  const pixels = rgb.length / 3;
  const planes = [0, 1, 2].map(() => new Float32Array(pixels));
  for (let p = 0; p < pixels; p++) {
    const lab = rgbToLab([rgb[p * 3]!, rgb[p * 3 + 1]!, rgb[p * 3 + 2]!]);
    for (let c = 0; c < 3; c++) planes[c]![p] = lab[c]!;
  }
  return planes;
}

/** The palette entry nearest in CIELAB. */
export function nearestByLab(lab: Lab): ColorName {
  return COLOR_NAMES.reduce((best, name) =>
    labDistance(lab, PALETTE_LAB[name]) < labDistance(lab, PALETTE_LAB[best]) ? name : best,
  );
}

/**
 * The median of the lighter half: shade between petals turns red and orange into brown. On renders of training species
 * with their true masks the median of the whole region is right for 97.0 % of petals, that of the lighter half for all.
 */
function describeRegion(pixels: number[], lab: Float32Array[]): RegionReading {
  const share = pixels.length / (READER_SIZE * READER_SIZE);
  if (pixels.length === 0) return { color: null, lab: null, share };
  const light = lab[0]!;
  const byLight = [...pixels].sort((a, b) => light[a]! - light[b]! || a - b);
  const lit = byLight.slice(byLight.length >> 1);
  const median = lab.map((plane) =>
    quantile(
      lit.map((p) => plane[p]!).sort((a, b) => a - b),
      0.5,
    ),
  ) as unknown as Lab;
  return { color: share < SMALLEST_REGION ? null : nearestByLab(median), lab: median, share };
}

function mostLikely(probabilities: Float32Array): Uint8Array {
  return Uint8Array.from({ length: probabilities.length / REGION_KINDS }, (_, p) => {
    let best = 0;
    for (let kind = 1; kind < REGION_KINDS; kind++) {
      if (probabilities[p * REGION_KINDS + kind]! > probabilities[p * REGION_KINDS + best]!) best = kind;
    }
    return best;
  });
}

function pixelsWhere(values: Uint8Array, is: (value: number) => boolean): number[] {
  const pixels: number[] = [];
  for (let p = 0; p < values.length; p++) if (is(values[p]!)) pixels.push(p);
  return pixels;
}

function centroid(pixels: number[]): { x: number; y: number } {
  const sum = pixels.reduce(
    (total, p) => ({ x: total.x + (p % READER_SIZE), y: total.y + Math.floor(p / READER_SIZE) }),
    { x: 0, y: 0 },
  );
  return { x: sum.x / pixels.length, y: sum.y / pixels.length };
}

function squaredRadius(pixel: number, middle: { x: number; y: number }): number {
  return ((pixel % READER_SIZE) - middle.x) ** 2 + (Math.floor(pixel / READER_SIZE) - middle.y) ** 2;
}

function toReaderSize(rgb: Uint8Array, side: number): Uint8Array {
  if (rgb.length !== side * side * 3) {
    throw new DataError(mustBe('rgb', `${side} x ${side} x 3 bytes`, `${rgb.length} bytes`));
  }
  if (side === READER_SIZE) return rgb;
  if (side < READER_SIZE || side % READER_SIZE !== 0) {
    throw new DataError(mustBe('side', `a multiple of ${READER_SIZE}`, side));
  }
  const block = side / READER_SIZE;
  const out = new Uint8Array(READER_SIZE * READER_SIZE * 3);
  for (let i = 0; i < out.length; i++) {
    const pixel = Math.floor(i / 3);
    const x = (pixel % READER_SIZE) * block;
    const y = Math.floor(pixel / READER_SIZE) * block;
    let sum = 0;
    for (let dy = 0; dy < block; dy++) {
      for (let dx = 0; dx < block; dx++) sum += rgb[((y + dy) * side + x + dx) * 3 + (i % 3)]!;
    }
    out[i] = Math.round(sum / (block * block));
  }
  return out;
}
