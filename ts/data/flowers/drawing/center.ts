import type { PhiloxStream } from '../../philox';
import type { CenterSize, FlowerAttributes } from '../attributes';
import { PALETTE, type Rgb } from '../palette';
import { fixed, glow, type Paint, shadow } from './paint';
import type { Drawing } from './petals';

/** Radius of the center where petals are 100 long. */
const CENTER_RADIUS: Readonly<Record<CenterSize, number>> = { small: 34, medium: 42, large: 51 };
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** Zero-length strokes with round caps: the shortest way to many dots. */
function dots(
  points: readonly (readonly [number, number])[],
  size: number,
  color: string,
  opacity = 1,
): string {
  const d = points.map(([x, y]) => `M${fixed(x)} ${fixed(y)}h0`).join('');
  return `<path d="${d}" stroke="${color}" stroke-width="${fixed(size)}" stroke-linecap="round" stroke-opacity="${opacity}"/>`;
}

/** Florets in a sunflower's spiral on a dome, each with a dark foot and a lit top. */
function florets(
  radius: number,
  color: Rgb,
  light: readonly [number, number],
  paint: Paint,
  stream: PhiloxStream,
): string {
  const count = 58;
  const places = Array.from({ length: count }, (_, i) => {
    const r = radius * 0.93 * Math.sqrt((i + 0.5) / count);
    const angle = i * GOLDEN_ANGLE + stream.between(-0.08, 0.08);
    return [r * Math.cos(angle), r * Math.sin(angle)] as const;
  });
  const size = radius * 0.17;
  const facing = ([x, y]: readonly [number, number]) =>
    (x * light[0] + y * light[1]) / radius + stream.between(-0.25, 0.25);
  const tones: Rgb[] = [shadow(color, 0.2), color, glow(color, 0.1), glow(color, 0.3)];
  const byTone: (readonly [number, number])[][] = tones.map(() => []);
  for (const place of places)
    byTone[Math.min(3, Math.max(0, Math.round(facing(place) * 2.2 + 1.2)))]!.push(place);
  const foot = places.map(([x, y]) => [x - light[0] * size * 0.22, y - light[1] * size * 0.22] as const);
  return (
    dots(foot, size * 1.12, paint.css(shadow(color, 0.42)), 0.6) +
    byTone.map((list, i) => (list.length > 0 ? dots(list, size * 0.86, paint.css(tones[i]!)) : '')).join('')
  );
}

type Filament = { d: string; tip: readonly [number, number] };

function filaments(count: number, from: number, to: number, stream: PhiloxStream): Filament[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = ((i + stream.between(-0.3, 0.3)) / count) * 2 * Math.PI;
    const reach = to * stream.between(0.9, 1.08);
    const curl = angle + stream.between(-0.18, 0.18);
    const point = (r: number, a: number) => [r * Math.cos(a), r * Math.sin(a)] as const;
    const [x0, y0] = point(from, angle);
    const [x1, y1] = point((from + reach) / 2, angle + (curl - angle) * 0.2);
    const tip = point(reach, curl);
    return {
      d: `M${fixed(x0)} ${fixed(y0)}Q${fixed(x1)} ${fixed(y1)} ${fixed(tip[0])} ${fixed(tip[1])}`,
      tip,
    };
  });
}

function drawStamens(
  attributes: FlowerAttributes,
  radius: number,
  paint: Paint,
  stream: PhiloxStream,
): Drawing {
  if (attributes.stamens === 'none') return { defs: '', picture: '', mask: '' };
  const long = attributes.stamens === 'long';
  const list = long
    ? filaments(13, radius * 0.5, radius + 25, stream)
    : filaments(18, radius * 0.7, radius * 1.12, stream);
  const color = PALETTE[attributes.centerColor];
  const d = list.map((one) => one.d).join('');
  const tips = list.map((one) => one.tip);
  const width = long ? 3.6 : 3.2;
  const anther = long ? 9.5 : 8;
  const picture =
    `<path d="${d}" fill="none" stroke="#14060f" stroke-opacity=".3" stroke-width="${width + 2.6}"/>` +
    `<path d="${d}" fill="none" stroke="${paint.css(glow(color, 0.22))}" stroke-width="${width}"/>` +
    dots(tips, anther + 3, '#14060f', 0.32) +
    dots(tips, anther, paint.css(shadow(color, 0.08))) +
    dots(
      tips.map(([x, y]) => [x - 0.8, y - 1.2] as const),
      anther * 0.5,
      paint.css(glow(color, 0.3)),
    );
  const mask = `<path d="${d}" fill="none" stroke-width="${width}"/>${dots(tips, anther, 'inherit')}`;
  return { defs: '', picture, mask: mask.replaceAll(' stroke="inherit"', '') };
}

/** The disc and its stamens around (0, 0), where petals are 100 long. `light` is a unit vector towards the light. */
export function drawCenter(
  attributes: FlowerAttributes,
  light: readonly [number, number],
  paint: Paint,
  stream: PhiloxStream,
): Drawing {
  const color = PALETTE[attributes.centerColor];
  const radius = CENTER_RADIUS[attributes.centerSize] * stream.between(0.96, 1.05);
  const at = (k: number) => `fx="${fixed(0.5 + k * light[0])}" fy="${fixed(0.5 + k * light[1])}"`;
  const defs =
    `<radialGradient id="dome" ${at(0.22)}><stop offset="0" stop-color="${paint.css(glow(color, 0.22))}"/>` +
    `<stop offset=".5" stop-color="${paint.css(color)}"/><stop offset=".82" stop-color="${paint.css(shadow(color, 0.14))}"/>` +
    `<stop offset="1" stop-color="${paint.css(shadow(color, 0.4))}"/></radialGradient>` +
    `<radialGradient id="hollow"><stop offset=".62" stop-color="#10040c" stop-opacity=".55"/>` +
    `<stop offset="1" stop-color="#10040c" stop-opacity="0"/></radialGradient>`;
  const stamens = drawStamens(attributes, radius, paint, stream);
  const disc = `<circle r="${fixed(radius)}"`;
  const picture =
    `<circle r="${fixed(radius * 1.32)}" cx="${fixed(-3 * light[0])}" cy="${fixed(-3 * light[1])}" fill="url(#hollow)"/>` +
    `${disc} fill="url(#dome)"/>${florets(radius, color, light, paint, stream)}${stamens.picture}`;
  return { defs, picture, mask: `${disc} stroke="none"/>${stamens.mask}` };
}
