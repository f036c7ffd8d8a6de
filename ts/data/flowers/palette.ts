/**
 * The one palette of petals and centers: eight colors, at least 40 apart in CIELAB, green
 * left to the leaves. Frozen with the catalogue version.
 */
export type Rgb = readonly [red: number, green: number, blue: number];
export type Lab = readonly [lightness: number, a: number, b: number];

/** Names in the order of `truth.attributes`: the number of a color is its place here. */
export const COLOR_NAMES = ['red', 'orange', 'yellow', 'white', 'pink', 'purple', 'blue', 'brown'] as const;
export type ColorName = (typeof COLOR_NAMES)[number];

/** sRGB bytes of each color. */
export const PALETTE: Readonly<Record<ColorName, Rgb>> = {
  red: [206, 28, 38],
  orange: [246, 124, 14],
  yellow: [252, 216, 40],
  white: [248, 246, 240],
  pink: [246, 140, 184],
  purple: [132, 38, 150],
  blue: [48, 112, 222],
  brown: [92, 52, 30],
};

function linear(byte: number): number {
  const v = byte / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function labCurve(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
}

/** CIELAB (D65, two degrees) of sRGB bytes, 0 to 255, fractions allowed. Source: CIE 15, IEC 61966-2-1. */
export function rgbToLab([red, green, blue]: Rgb): Lab {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const x = labCurve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = labCurve(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = labCurve((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Distance of two CIELAB colors (CIE 1976). */
export function labDistance(a: Lab, b: Lab): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** CIELAB of each palette color. */
export const PALETTE_LAB: Readonly<Record<ColorName, Lab>> = Object.fromEntries(
  COLOR_NAMES.map((name) => [name, rgbToLab(PALETTE[name])]),
) as Record<ColorName, Lab>;

/** The palette color nearest to an sRGB color in CIELAB. */
export function nearestColor(rgb: Rgb): ColorName {
  const lab = rgbToLab(rgb);
  return COLOR_NAMES.reduce((best, name) =>
    labDistance(lab, PALETTE_LAB[name]) < labDistance(lab, PALETTE_LAB[best]) ? name : best,
  );
}
