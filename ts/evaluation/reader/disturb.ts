import type { PhiloxStream } from '../../data/philox';

// Taken once: in jest's sandbox a global costs a hundred nanoseconds a look.
const { exp, floor, max, min, round } = Math;

/** A picture with the kind of region of every pixel: RGB bytes `[size, size, 3]`, mask `[size, size]`. */
export interface LabeledPicture {
  rgb: Uint8Array;
  mask: Uint8Array;
}

/**
 * A copy of a picture as a generator might have painted it: bent, blurred, grainy, lighter or darker, and, half of
 * the time, with its color channels exchanged, so that the reader learns shapes and contrasts and not which colors
 * go together. The mask is bent alike.
 */
export function disturb(picture: LabeledPicture, size: number, random: PhiloxStream): LabeledPicture {
  const bent = bend(picture, size, random);
  const channels = random.uniform() < 0.5 ? random.shuffle([0, 1, 2]) : [0, 1, 2];
  const blurRadius = random.pick([0, 0, 0.5, 0.8, 1.1]);
  const gain = random.between(0.85, 1.15);
  const shift = random.between(-12, 12);
  const grain = random.pick([0, 2, 5]);
  const rgb = new Uint8Array(bent.rgb.length);
  for (let c = 0; c < 3; c++) {
    const source = Float32Array.from({ length: size * size }, (_, p) => bent.rgb[p * 3 + channels[c]!]!);
    const plane = blur(source, size, blurRadius);
    for (let p = 0; p < plane.length; p++) {
      const noise = grain === 0 ? 0 : grain * random.normal();
      rgb[p * 3 + c] = max(0, min(255, round(plane[p]! * gain + shift + noise)));
    }
  }
  return { rgb, mask: bent.mask };
}

/** Displaces pixels by two slow waves of random direction, up to 2.5 pixels each, and mirrors half of the pictures. */
function bend({ rgb, mask }: LabeledPicture, size: number, random: PhiloxStream): LabeledPicture {
  const wave = () => ({
    reach: random.between(0, 2.5),
    fx: (random.between(-1.5, 1.5) * 2 * Math.PI) / size,
    fy: (random.between(-1.5, 1.5) * 2 * Math.PI) / size,
    phase: random.between(0, 2 * Math.PI),
  });
  const alongX = wave();
  const alongY = wave();
  const mirrored = random.uniform() < 0.5;
  const at = ({ reach, fx, fy, phase }: ReturnType<typeof wave>, x: number, y: number) =>
    reach * Math.sin(fx * x + fy * y + phase);
  const out = { rgb: new Uint8Array(rgb.length), mask: new Uint8Array(mask.length) };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const fromX = clamp((mirrored ? size - 1 - x : x) + at(alongX, x, y), size - 1);
      const fromY = clamp(y + at(alongY, x, y), size - 1);
      out.mask[y * size + x] = mask[round(fromY) * size + round(fromX)]!;
      for (let c = 0; c < 3; c++) out.rgb[(y * size + x) * 3 + c] = bilinear(rgb, size, fromX, fromY, c);
    }
  }
  return out;
}

function bilinear(rgb: Uint8Array, size: number, x: number, y: number, channel: number): number {
  const x0 = floor(x);
  const y0 = floor(y);
  const x1 = min(size - 1, x0 + 1);
  const y1 = min(size - 1, y0 + 1);
  const pixel = (px: number, py: number) => rgb[(py * size + px) * 3 + channel]!;
  const top = pixel(x0, y0) + (x - x0) * (pixel(x1, y0) - pixel(x0, y0));
  const bottom = pixel(x0, y1) + (x - x0) * (pixel(x1, y1) - pixel(x0, y1));
  return round(top + (y - y0) * (bottom - top));
}

/** Gaussian blur in both directions; `sigma` 0 returns the plane itself. */
export function blur(plane: Float32Array, size: number, sigma: number): Float32Array {
  if (sigma === 0) return plane;
  const reach = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((a, b) => a + b);
  const pass = (from: Float32Array, index: (line: number, along: number) => number) => {
    const out = new Float32Array(from.length);
    for (let line = 0; line < size; line++) {
      for (let along = 0; along < size; along++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++) {
          sum += kernel[k + reach]! * from[index(line, clamp(along + k, size - 1))]!;
        }
        out[index(line, along)] = sum / total;
      }
    }
    return out;
  };
  return pass(
    pass(plane, (line, along) => line * size + along),
    (line, along) => along * size + line,
  );
}

function clamp(value: number, most: number): number {
  return max(0, min(most, value));
}
