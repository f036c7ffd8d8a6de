import type { PhiloxStream } from '../../philox';
import type { PetalEdge, PetalShape } from '../attributes';
import { fixed } from './paint';

/** How a shape widens: `width(t)` in 0..1 from base (0) to tip (1), widest at `widestAt`, `cover` of its sector. */
type Profile = { width: (t: number) => number; widestAt: number; cover: number; notch: number };

const arc = (x: number) => Math.sqrt(Math.max(0, 1 - x * x));

const PROFILES: Readonly<Record<PetalShape, Profile>> = {
  round: { width: (t) => arc(2 * t ** 1.45 - 1), widestAt: 0.62, cover: 1.12, notch: 0 },
  oval: { width: (t) => arc(2 * t ** 1.15 - 1), widestAt: 0.55, cover: 0.92, notch: 0 },
  pointed: { width: (t) => (t ** 0.75 * (1 - t) ** 0.82) / 0.336, widestAt: 0.48, cover: 1.12, notch: 0 },
  narrow: {
    width: (t) => Math.min(1, (t / 0.35) ** 0.6) * (t > 0.72 ? arc((t - 0.72) / 0.28) : 1),
    widestAt: 0.6,
    cover: 0.86,
    notch: 0,
  },
  notched: { width: (t) => arc(2 * t ** 1.7 - 1), widestAt: 0.68, cover: 1.12, notch: 24 },
  broad: {
    width: (t) => (t < 0.8 ? (t / 0.8) ** 0.85 : 0.35 + 0.65 * arc((t - 0.8) / 0.2)),
    widestAt: 0.8,
    cover: 1.04,
    notch: 0,
  },
};

const SIDE_POINTS = 22;
const LENGTH = 100;

/** Half of the greatest width of a petal that is 100 long, one of `count` around a center. */
export function petalHalfWidth(shape: PetalShape, count: number): number {
  const { widestAt, cover } = PROFILES[shape];
  const sector = Math.tan(Math.min(Math.PI / count, 0.72));
  return Math.min(56, Math.max(7, LENGTH * widestAt * sector * cover));
}

/** Displacement along the outline's normal at `t`, for a petal of that half width. */
function edgeOffset(edge: PetalEdge, t: number, index: number, halfWidth: number, phase: number): number {
  const rise = Math.min(1, Math.max(0, (t - 0.4) / 0.3));
  if (edge === 'wavy') return rise * Math.min(4.6, halfWidth * 0.15) * Math.sin(t * 18 + phase);
  if (edge === 'fringed') return rise * Math.min(5, halfWidth * 0.24) * (index % 2 === 0 ? 0.4 : -1);
  return 0;
}

/**
 * A closed SVG path: base at (0, 0), tip at (0, -100), symmetrical but for small irregularities and the edge.
 * Width factor and bend come from the stream.
 */
export function petalOutline(
  shape: PetalShape,
  edge: PetalEdge,
  halfWidth: number,
  stream: PhiloxStream,
): string {
  const profile = PROFILES[shape];
  const wide = halfWidth * stream.between(0.93, 1.07);
  const bend = stream.between(-5, 5);
  const points: string[] = [];
  const side = (sign: number, phase: number) => {
    const list: string[] = [];
    for (let i = 0; i <= SIDE_POINTS; i++) {
      const t = (1 - Math.cos((Math.PI * i) / SIDE_POINTS)) / 2;
      const offset = edgeOffset(edge, t, i, wide, phase);
      const half = profile.width(t) * wide;
      const x = half + offset * Math.min(1, (half / wide) * 1.4);
      const y =
        -LENGTH * t -
        offset * t * t * 0.8 +
        profile.notch * Math.exp(-((half / (0.42 * wide)) ** 2)) * t ** 6;
      list.push(`${fixed(sign * x + bend * t * t)} ${fixed(y)}`);
    }
    return list;
  };
  points.push(...side(1, stream.between(0, 6)), ...side(-1, stream.between(0, 6)).reverse());
  return `M${points.join('L')}Z`;
}
