import type { PhiloxStream } from '../../philox';
import type { Rgb } from '../palette';
import type { Pose } from '../variation';
import { fixed, glow, mix, type Paint, shadow } from './paint';
import type { Drawing } from './petals';

const LEAF = 'M0 0C22 -18 26 -58 0 -100C-26 -58 -22 -18 0 0Z';
const LEAF_VEINS =
  'M0 0V-96M0 -22L13 -40M0 -22L-13 -40M0 -42L14 -60M0 -42L-14 -60M0 -62L10 -78M0 -62L-10 -78';

function leafTransform(pose: Pose, stream: PhiloxStream): string {
  const angle = stream.between(0, 360);
  const [width, length] = [stream.between(0.32, 0.52), stream.between(0.44, 0.62)];
  return `translate(${fixed(pose.centerX)} ${fixed(pose.centerY)})rotate(${fixed(angle)})skewX(${fixed(stream.between(-14, 14))})scale(${width.toFixed(3)} ${length.toFixed(3)})`;
}

/** Stem and leaves behind the blossom; lengths in hundredths of the picture. */
export function drawLeaves(pose: Pose, paint: Paint, stream: PhiloxStream): Drawing {
  const green: Rgb = mix([64, 122, 48], [96, 150, 84], stream.uniform());
  const bluish: Rgb = mix(green, [52, 104, 84], stream.between(0, 0.8));
  const foot = pose.centerX + stream.between(-26, 26);
  const stem = `M${fixed(pose.centerX)} ${fixed(pose.centerY)}Q${fixed((pose.centerX + foot) / 2 + stream.between(-8, 8))} 82 ${fixed(foot)} 108`;
  const transforms = Array.from({ length: 1 + stream.below(4) }, () => leafTransform(pose, stream));
  const defs =
    `<linearGradient id="leaf" gradientUnits="userSpaceOnUse" x1="-22" y1="0" x2="22" y2="0">` +
    `<stop offset="0" stop-color="${paint.css(glow(bluish, 0.1))}"/><stop offset=".49" stop-color="${paint.css(bluish)}"/>` +
    `<stop offset=".51" stop-color="${paint.css(shadow(bluish, 0.26))}"/><stop offset="1" stop-color="${paint.css(shadow(bluish, 0.1))}"/></linearGradient>` +
    `<path id="blade" d="${LEAF}"/>`;
  const leaves = transforms.map(
    (transform) =>
      `<g transform="${transform}"><use href="#blade" fill="none" stroke="#081008" stroke-opacity=".12" stroke-width="4"/>` +
      `<use href="#blade" fill="url(#leaf)"/><path d="${LEAF_VEINS}" fill="none" stroke="${paint.css(glow(bluish, 0.25))}" stroke-opacity=".35" stroke-width="1.6"/></g>`,
  );
  const stemLine = (color: string, width: number, shift = 0) =>
    `<path d="${stem}" transform="translate(${shift})" fill="none" stroke="${color}" stroke-width="${width}"/>`;
  const picture =
    stemLine(paint.css(shadow(bluish, 0.35)), 4.6) +
    stemLine(paint.css(glow(bluish, 0.12)), 1.8, -0.7) +
    leaves.join('');
  const mask =
    `<path d="${stem}" fill="none" stroke-width="4.6"/>` +
    transforms.map((transform) => `<use href="#blade" stroke="none" transform="${transform}"/>`).join('');
  return { defs, picture, mask };
}
