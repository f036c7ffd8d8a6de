import sharp from 'sharp';
import type { FlowerAttributes } from './attributes';
import { drawBackdrop } from './drawing/backdrop';
import { drawCenter } from './drawing/center';
import { drawLeaves } from './drawing/leaves';
import { fixed, Paint } from './drawing/paint';
import { drawPetals } from './drawing/petals';
import { type FlowerVariation, flowerStream, type Pose } from './variation';

/** Values of `truth.mask`. */
export const REGION = { background: 0, petal: 1, center: 2, green: 3 } as const;

export interface RenderedFlower {
  /** RGB bytes, [size, size, 3]. */
  readonly pixels: Uint8Array;
  /** Region of each pixel, [size, size]. */
  readonly mask: Uint8Array;
}

/** The blossom's own frame: petals 100 long around (0, 0), turned, tilted, placed. */
function blossomTransform(
  { centerX, centerY, radius, tilt, tiltAxis, rotation }: Pose,
  turn = rotation,
): string {
  const place = `translate(${fixed(centerX)} ${fixed(centerY)})rotate(${fixed(tiltAxis)})scale(1 ${tilt.toFixed(3)})`;
  return `${place}rotate(${fixed(turn - tiltAxis)})scale(${(radius / 100).toFixed(4)})`;
}

/** Light that falls past the blossom: a soft shadow on what is behind. */
function dropShadow({ centerX, centerY, radius }: Pose, light: readonly [number, number]): string {
  const [x, y] = [centerX - light[0] * 4, centerY - light[1] * 4];
  return `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="${fixed(radius * 1.22)}" fill="url(#fall)"/>`;
}

const SHADOW_DEFS =
  '<radialGradient id="fall"><stop offset=".55" stop-color="#060808" stop-opacity=".36"/>' +
  '<stop offset="1" stop-color="#060808" stop-opacity="0"/></radialGradient>' +
  '<radialGradient id="frame" r=".78"><stop offset=".62" stop-color="#000" stop-opacity="0"/>' +
  '<stop offset="1" stop-color="#000" stop-opacity=".2"/></radialGradient>';

/** The picture and, to its right, its mask in flat colors: one SVG of 200 by 100. */
export function flowerSvg(attributes: FlowerAttributes, variation: FlowerVariation, size: number): string {
  const { seed, image, pose, light } = variation;
  const paint = new Paint(light);
  const radians = (light.direction * Math.PI) / 180;
  const toLight = [Math.cos(radians), Math.sin(radians)] as const;
  const backdrop = drawBackdrop(variation.scene, paint, flowerStream(seed, image, 'backdrop'));
  const leaves = drawLeaves(pose, paint, flowerStream(seed, image, 'leaves'));
  const petals = drawPetals(
    attributes,
    light.direction - pose.rotation,
    paint,
    flowerStream(seed, image, 'petals'),
  );
  const center = drawCenter(attributes, toLight, paint, flowerStream(seed, image, 'center'));
  const [blossom, disc] = [blossomTransform(pose), blossomTransform(pose, 0)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * size}" height="${size}" viewBox="0 0 200 100"><defs>` +
    `<clipPath id="right"><rect x="0" y="0" width="100" height="100"/></clipPath>` +
    `${SHADOW_DEFS}${backdrop.defs}${leaves.defs}${petals.defs}${center.defs}</defs>` +
    `${backdrop.picture}${leaves.picture}${dropShadow(pose, toLight)}` +
    `<g transform="${blossom}" stroke-linejoin="round">${petals.picture}</g><g transform="${disc}">${center.picture}</g>` +
    `<rect width="100" height="100" fill="url(#frame)"/>` +
    `<g transform="translate(100)" clip-path="url(#right)" shape-rendering="crispEdges"><rect width="100" height="100"/>` +
    `<g fill="#0f0" stroke="#0f0">${leaves.mask}</g><g transform="${blossom}" fill="#f00">${petals.mask}</g>` +
    `<g transform="${disc}" fill="#00f" stroke="#00f">${center.mask}</g></g></svg>`
  );
}

function regionOf(red: number, green: number, blue: number): number {
  if (red < 128 && green < 128 && blue < 128) return REGION.background;
  if (blue >= red && blue >= green) return REGION.center;
  return red >= green ? REGION.petal : REGION.green;
}

/** Left half to pixels, right half to regions. */
function splitHalves(raw: Uint8Array, size: number): RenderedFlower {
  const pixels = new Uint8Array(size * size * 3);
  const mask = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    const row = y * size * 6;
    pixels.set(raw.subarray(row, row + size * 3), y * size * 3);
    for (let x = 0; x < size; x++) {
      const at = row + (size + x) * 3;
      mask[y * size + x] = regionOf(raw[at]!, raw[at + 1]!, raw[at + 2]!);
    }
  }
  return { pixels, mask };
}

/**
 * Draws one flower through sharp, off the main thread.
 * @param size side of the picture in pixels
 */
export async function renderFlower(
  attributes: FlowerAttributes,
  variation: FlowerVariation,
  size: number,
): Promise<RenderedFlower> {
  const svg = Buffer.from(flowerSvg(attributes, variation, size));
  const raw = await sharp(svg).removeAlpha().raw().toBuffer();
  return splitHalves(raw, size);
}
