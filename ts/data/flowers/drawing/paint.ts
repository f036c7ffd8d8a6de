import type { Rgb } from '../palette';
import type { Light } from '../variation';

/** Colors under one light, as SVG color strings. */
export class Paint {
  readonly #gains: Rgb;

  constructor({ brightness, warmth }: Light) {
    this.#gains = [brightness * (1 + 0.035 * warmth), brightness, brightness * (1 - 0.045 * warmth)];
  }

  /** The color as the light shows it. */
  css(color: Rgb): string {
    const bytes = color.map((v, i) => Math.round(Math.min(255, Math.max(0, v * this.#gains[i]!))));
    return `rgb(${bytes.join(',')})`;
  }
}

/** Between two colors; 0 gives the first. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

/** A shadow tone of a color: darker, its strongest channels least, so that it stays saturated. */
export function shadow(color: Rgb, depth: number): Rgb {
  const peak = Math.max(...color, 1);
  return color.map((v) => v * (1 - depth * (1.6 - 0.9 * (v / peak)))) as unknown as Rgb;
}

/** A lit tone of a color. */
export function glow(color: Rgb, amount: number): Rgb {
  return mix(color, [255, 252, 244], amount);
}

/** A length or coordinate with as many digits as any picture size can show. */
export function fixed(value: number): string {
  const text = value.toFixed(2);
  return text.endsWith('00') ? text.slice(0, -3) : text;
}
