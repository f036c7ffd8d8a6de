import type { PhiloxStream } from '../../philox';
import type { FlowerAttributes } from '../attributes';
import { PALETTE, type Rgb } from '../palette';
import { fixed, glow, mix, type Paint, shadow } from './paint';
import { petalHalfWidth, petalOutline } from './petal-outline';

/** Length of each ring's petals as a share of the blossom, from the outermost. */
const RING_LENGTHS: Readonly<Record<number, readonly number[]>> = { 1: [1], 2: [1, 0.8], 3: [1, 0.85, 0.69] };
const OUTLINES_PER_RING = 3;

/** Parts of an SVG: shared definitions, the picture, and the same shapes flat for the mask. */
export type Drawing = { defs: string; picture: string; mask: string };

function gradientStops(base: Rgb, tip: Rgb | null, paint: Paint): string {
  const stops: [number, Rgb][] = tip
    ? [
        [0, shadow(base, 0.3)],
        [0.44, base],
        [0.6, mix(base, tip, 0.35)],
        [0.76, tip],
        [1, glow(tip, 0.12)],
      ]
    : [
        [0.05, shadow(base, 0.42)],
        [0.36, shadow(base, 0.08)],
        [0.66, glow(base, 0.03)],
        [0.9, glow(base, 0.14)],
        [1, glow(base, 0.24)],
      ];
  return stops.map(([at, color]) => `<stop offset="${at}" stop-color="${paint.css(color)}"/>`).join('');
}

function ringDefs(ring: number, color: Rgb, tip: Rgb | null, halfWidth: number, paint: Paint): string {
  const [dark, lit] = [paint.css(shadow(tip ?? color, 0.55)), paint.css(glow(tip ?? color, 0.55))];
  const across = (id: string, from: number, to: number) =>
    `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="${fixed(from)}" y1="0" x2="${fixed(to)}" y2="0">` +
    `<stop offset="0" stop-color="${dark}" stop-opacity=".42"/><stop offset=".4" stop-color="${dark}" stop-opacity="0"/>` +
    `<stop offset=".6" stop-color="${lit}" stop-opacity="0"/><stop offset="1" stop-color="${lit}" stop-opacity=".42"/></linearGradient>`;
  return (
    `<linearGradient id="fill${ring}" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="0" y2="-100">` +
    `${gradientStops(color, tip, paint)}</linearGradient>` +
    across(`left${ring}`, -halfWidth, halfWidth) +
    across(`right${ring}`, halfWidth, -halfWidth)
  );
}

/** A midrib and two pairs of veins that follow the petal's width. */
function veins(ring: number, halfWidth: number, color: Rgb, reach: number, paint: Paint): string {
  const line = (x: number, end: number) =>
    `M${fixed(x * 0.15)} -18Q${fixed(x * 0.9)} -50 ${fixed(x)} ${fixed(-end)}`;
  const pair = (k: number) => line(k * halfWidth, reach - 18 * k) + line(-k * halfWidth, reach - 18 * k);
  const d = line(0, reach) + pair(0.3) + pair(0.56);
  const tone = paint.css(shadow(color, 0.45));
  return `<path id="veins${ring}" d="${d}" fill="none" stroke="${tone}" stroke-width="1.6" stroke-opacity=".32"/>`;
}

/** Tinted with the petal's own color: gray shadows would make it look dusty. */
type Tones = { lit: string; dark: string; deep: string };
type Petal = { ring: number; outline: number; angle: number; transform: string };

function ringPetals(
  ring: number,
  attributes: FlowerAttributes,
  length: number,
  stream: PhiloxStream,
): Petal[] {
  const count = attributes.petalCount;
  const start = (ring % 2) * (180 / count);
  const petals = Array.from({ length: count }, (_, i) => {
    const angle = start + (360 * i) / count + stream.between(-1, 1) * Math.min(5, 40 / count);
    const scale = length * stream.between(0.94, 1.03);
    const stretch = scale * stream.between(0.93, 1.06);
    const transform = `rotate(${fixed(angle)})skewX(${fixed(stream.between(-4, 4))})scale(${stretch.toFixed(3)} ${scale.toFixed(3)})`;
    return { ring, outline: stream.below(OUTLINES_PER_RING), angle, transform };
  });
  // evens over odds, so that no petal lies on top of both its neighbors by being last
  return count > 8
    ? stream.shuffle(petals)
    : [...petals.filter((_, i) => i % 2 === 1), ...petals.filter((_, i) => i % 2 === 0)];
}

/** One petal: contact shadow, body, roundness, veins, and how it faces the light. */
function petalPicture({ ring, outline, angle, transform }: Petal, lightAngle: number, tones: Tones): string {
  const facing = Math.cos(((angle - 90 - lightAngle) * Math.PI) / 180);
  const side = Math.sin(((angle - 90 - lightAngle) * Math.PI) / 180) > 0 ? 'left' : 'right';
  const shape = `<use href="#petal${ring}-${outline}"`;
  const [tone, opacity] = facing > 0 ? [tones.lit, 0.2 * facing] : [tones.dark, -0.26 * facing];
  const edge = `fill="none" stroke="${tones.deep}"`;
  return (
    `<g transform="${transform}">${shape} ${edge} stroke-opacity=".13" stroke-width="7"/>` +
    `${shape} ${edge} stroke-opacity=".3" stroke-width="2.8"/>` +
    `${shape} fill="url(#fill${ring})"/>${shape} fill="url(#${side}${ring})"/>` +
    `<use href="#veins${ring}"/>${shape} fill="${tone}" fill-opacity="${fixed(opacity)}"/></g>`
  );
}

/**
 * The rings of petals around (0, 0), outermost first; a petal is 100 long.
 * @param lightAngle direction of the light in the blossom's own frame, degrees
 */
export function drawPetals(
  attributes: FlowerAttributes,
  lightAngle: number,
  paint: Paint,
  stream: PhiloxStream,
): Drawing {
  const color = PALETTE[attributes.petalColor];
  const tip = attributes.tipColor ? PALETTE[attributes.tipColor] : null;
  const halfWidth = petalHalfWidth(attributes.petalShape, attributes.petalCount);
  const veinReach = attributes.petalShape === 'notched' ? 70 : 84;
  const tones: Tones = {
    lit: paint.css(glow(tip ?? color, 0.5)),
    dark: paint.css(shadow(tip ?? color, 0.5)),
    deep: paint.css(shadow(tip ?? color, 0.72)),
  };
  const drawing: Drawing = { defs: '', picture: '', mask: '' };
  RING_LENGTHS[attributes.layers]!.forEach((length, ring) => {
    const deeper = shadow(color, 0.09 * (attributes.layers - 1 - ring));
    drawing.defs +=
      ringDefs(ring, deeper, tip, halfWidth, paint) + veins(ring, halfWidth, color, veinReach, paint);
    for (let i = 0; i < OUTLINES_PER_RING; i++) {
      drawing.defs += `<path id="petal${ring}-${i}" d="${petalOutline(attributes.petalShape, attributes.petalEdge, halfWidth, stream)}"/>`;
    }
    for (const petal of ringPetals(ring, attributes, length, stream)) {
      drawing.picture += petalPicture(petal, lightAngle, tones);
      drawing.mask += `<use href="#petal${ring}-${petal.outline}" transform="${petal.transform}"/>`;
    }
  });
  return drawing;
}
