import {
  COLOR_NAMES,
  labDistance,
  nearestColor,
  PALETTE,
  PALETTE_LAB,
  rgbToLab,
} from '../../../../ts/data/flowers/palette';
import { SCENES } from '../../../../ts/data/flowers/variation';

test('CIELAB of known colors', () => {
  // CIE 15 / IEC 61966-2-1 primaries, as tabulated for sRGB under D65
  const known = [
    [
      [255, 255, 255],
      [100, 0, 0],
    ],
    [
      [255, 0, 0],
      [53.24, 80.09, 67.2],
    ],
    [
      [0, 255, 0],
      [87.73, -86.18, 83.18],
    ],
    [
      [0, 0, 255],
      [32.3, 79.19, -107.86],
    ],
    [
      [119, 119, 119],
      [50.03, 0, 0],
    ],
  ] as const;
  for (const [rgb, lab] of known) {
    rgbToLab(rgb).forEach((value, i) => {
      expect(Math.abs(value - lab[i]!)).toBeLessThan(0.05);
    });
  }
});

test('at least eight colors, each at least 20 from every other', () => {
  expect(COLOR_NAMES.length).toBeGreaterThanOrEqual(8);
  for (const a of COLOR_NAMES) {
    for (const b of COLOR_NAMES) {
      if (a !== b) expect(labDistance(PALETTE_LAB[a], PALETTE_LAB[b])).toBeGreaterThanOrEqual(40);
    }
    expect(nearestColor(PALETTE[a])).toBe(a);
  }
});

test('no background is near a palette color', () => {
  for (const { base } of SCENES) {
    for (const name of COLOR_NAMES) {
      expect(labDistance(rgbToLab(base), PALETTE_LAB[name])).toBeGreaterThanOrEqual(25);
    }
  }
});
