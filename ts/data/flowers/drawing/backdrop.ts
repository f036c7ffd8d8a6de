import type { PhiloxStream } from '../../philox';
import type { Rgb } from '../palette';
import type { Scene } from '../variation';
import { fixed, glow, mix, type Paint, shadow } from './paint';

function softDisc(id: string, color: string, flat: number): string {
  return (
    `<radialGradient id="${id}"><stop offset="0" stop-color="${color}"/>` +
    `<stop offset="${flat}" stop-color="${color}" stop-opacity="${flat > 0.5 ? 1 : 0.6}"/>` +
    `<stop offset="1" stop-color="${color}" stop-opacity="0"/></radialGradient>`
  );
}

/** Things far out of focus: a fading ground, clouds of light and shade, blurred blades, discs of light. */
export function drawBackdrop(
  scene: Scene,
  paint: Paint,
  stream: PhiloxStream,
): { defs: string; picture: string } {
  const tones: Rgb[] = [
    glow(scene.base, 0.22),
    shadow(scene.second, 0.25),
    mix(scene.base, scene.second, 0.5),
  ];
  const angle = stream.between(0, 360);
  const defs =
    `<linearGradient id="ground" gradientTransform="rotate(${fixed(angle)} .5 .5)">` +
    `<stop offset="0" stop-color="${paint.css(scene.base)}"/><stop offset="1" stop-color="${paint.css(scene.second)}"/></linearGradient>` +
    tones.map((tone, i) => softDisc(`soft${i}`, paint.css(tone), 0.45)).join('') +
    softDisc('bokeh', paint.css(glow(scene.base, 0.4)), 0.8);
  const cloud = () => {
    const [x, y, size] = [stream.between(0, 100), stream.between(0, 100), stream.between(22, 48)];
    const turn = fixed(stream.between(0, 180));
    return `<ellipse rx="${fixed(size)}" ry="${fixed(size * stream.between(0.35, 0.8))}" transform="translate(${fixed(x)} ${fixed(y)})rotate(${turn})" fill="url(#soft${stream.below(3)})" fill-opacity="${fixed(stream.between(0.45, 0.85))}"/>`;
  };
  const disc = () =>
    `<circle cx="${fixed(stream.between(0, 100))}" cy="${fixed(stream.between(0, 100))}" r="${fixed(stream.between(3, 9))}" fill="url(#bokeh)" fill-opacity="${fixed(stream.between(0.12, 0.4))}"/>`;
  const clouds = Array.from({ length: 6 + stream.below(4) }, cloud);
  const discs = Array.from({ length: stream.below(8) }, disc);
  return {
    defs,
    picture: `<rect width="100" height="100" fill="url(#ground)"/>${clouds.join('')}${discs.join('')}`,
  };
}
