import { PhiloxStream, PURPOSE } from '../philox';
import { ATTRIBUTE_NAMES, ATTRIBUTE_VALUES, type FlowerAttributes } from './attributes';
import { CATALOGUE } from './catalogue';

/** Added to the number of a picture, so that no mixed flower stands, turns and is lit as one of a species. */
export const MIXED_ROWS = 2 ** 24;
/** Chance of petals of two colors, where the two that are drawn differ; of the species 18 of 102 have such petals. */
const TIPPED = 0.18;

/** What makes a flower one of a held-out species: its colors with their places, the number and shape of its petals. */
function likeness({ petalColor, centerColor, petalCount, petalShape }: FlowerAttributes): string {
  return `${petalColor} ${centerColor} ${petalCount} ${petalShape}`;
}

const heldOut = new Set(
  CATALOGUE.filter(({ split }) => split !== 'training').map(({ attributes }) => likeness(attributes)),
);

function drawOnce(stream: PhiloxStream): FlowerAttributes {
  const values = ATTRIBUTE_NAMES.map((name) => [name, stream.pick<unknown>(ATTRIBUTE_VALUES[name])]);
  const drawn = Object.fromEntries(values) as unknown as FlowerAttributes;
  const tipped = stream.uniform() < TIPPED && drawn.tipColor !== drawn.petalColor;
  return tipped ? drawn : { ...drawn, tipColor: null };
}

/**
 * The attributes of a mixed flower: each drawn by itself, so that none tells another. A center never has the color of
 * the petals, and no flower is like one of a species that is kept for validation or test.
 */
export function mixedFlower(seed: number, index: number): FlowerAttributes {
  const stream = new PhiloxStream(seed, PURPOSE.mixedFlowers, { row: index });
  for (;;) {
    const drawn = drawOnce(stream);
    if (drawn.petalColor !== drawn.centerColor && !heldOut.has(likeness(drawn))) return drawn;
  }
}
