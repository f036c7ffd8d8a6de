import { PALETTE, type Rgb } from '../data/flowers/palette';
import { PhiloxStream, PURPOSE } from '../data/philox';
import type { Painter, Painting, PaintRequest } from './painter';
import { EVALUATION_PASS } from './statistics';

const SIDE = 64;
const CENTER_RADIUS = 9;

/**
 * A painter that knows the colors and no flower. `one disc` paints the petal color alone, so its centers must score
 * nothing; `two discs` adds a center, and what it reaches is the price of measuring colors and not shapes.
 */
export function blobPainter(kind: 'one disc' | 'two discs'): Painter {
  return {
    name: `plain blobs (${kind})`,
    paint: async (requests) => requests.map((request) => paintBlob(request, kind === 'two discs')),
  };
}

function paintBlob({ caption, seed }: PaintRequest, withCenter: boolean): Painting {
  const random = new PhiloxStream(seed, PURPOSE.evaluation, { pass: EVALUATION_PASS.blobs });
  const x0 = SIDE / 2 + random.between(-5, 5);
  const y0 = SIDE / 2 + random.between(-5, 5);
  const radius = random.between(18, 26);
  const ground: Rgb = [random.between(60, 140), random.between(90, 150), random.between(50, 110)];
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  for (let p = 0; p < SIDE * SIDE; p++) {
    const distance = Math.hypot((p % SIDE) - x0, Math.floor(p / SIDE) - y0);
    const flower = withCenter && distance < CENTER_RADIUS ? PALETTE[caption.center] : PALETTE[caption.petal];
    rgb.set(distance < radius ? flower : ground, p * 3);
  }
  return { rgb, side: SIDE };
}
