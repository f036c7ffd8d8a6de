import { COLOR_NAMES, type ColorName } from './palette';

/** Petals of one ring. */
export const PETAL_COUNTS = [4, 5, 6, 8, 12, 20] as const;
export const PETAL_SHAPES = ['round', 'oval', 'pointed', 'narrow', 'notched', 'broad'] as const;
export const PETAL_EDGES = ['smooth', 'wavy', 'fringed'] as const;
/** Rings of petals. */
export const LAYER_COUNTS = [1, 2, 3] as const;
export const CENTER_SIZES = ['small', 'medium', 'large'] as const;
export const STAMENS = ['none', 'short', 'long'] as const;

export type PetalCount = (typeof PETAL_COUNTS)[number];
export type PetalShape = (typeof PETAL_SHAPES)[number];
export type PetalEdge = (typeof PETAL_EDGES)[number];
export type LayerCount = (typeof LAYER_COUNTS)[number];
export type CenterSize = (typeof CENTER_SIZES)[number];
export type Stamens = (typeof STAMENS)[number];

/** What can be seen of a species and said in a caption. */
export interface FlowerAttributes {
  readonly petalColor: ColorName;
  /** The color towards the tips of a two-color petal; null where the petal has one color. */
  readonly tipColor: ColorName | null;
  readonly petalCount: PetalCount;
  readonly petalShape: PetalShape;
  readonly petalEdge: PetalEdge;
  readonly layers: LayerCount;
  readonly centerColor: ColorName;
  readonly centerSize: CenterSize;
  readonly stamens: Stamens;
}

/** The captioned attributes, in the order of the columns of `truth.attributes` after the species. */
export const ATTRIBUTE_VALUES = {
  petalColor: COLOR_NAMES,
  tipColor: COLOR_NAMES,
  petalCount: PETAL_COUNTS,
  petalShape: PETAL_SHAPES,
  petalEdge: PETAL_EDGES,
  layers: LAYER_COUNTS,
  centerColor: COLOR_NAMES,
  centerSize: CENTER_SIZES,
  stamens: STAMENS,
} as const satisfies { [K in keyof FlowerAttributes]: readonly NonNullable<FlowerAttributes[K]>[] };

export type AttributeName = keyof FlowerAttributes;
export const ATTRIBUTE_NAMES = Object.keys(ATTRIBUTE_VALUES) as AttributeName[];

/** Each attribute as its place in `ATTRIBUTE_VALUES`, -1 for a petal of one color. */
export function attributeIndices(attributes: FlowerAttributes): number[] {
  return ATTRIBUTE_NAMES.map((name) =>
    (ATTRIBUTE_VALUES[name] as readonly unknown[]).indexOf(attributes[name]),
  );
}

/** The same flower with the colors of petals and center exchanged; a gradient keeps its tip color. */
export function swapColors(attributes: FlowerAttributes): FlowerAttributes {
  return { ...attributes, petalColor: attributes.centerColor, centerColor: attributes.petalColor };
}
