import type { FlowerAttributes } from '../data/flowers/attributes';
import type { ColorName } from '../data/flowers/palette';
export interface AttributeCaption {
  /** Its place in the set; the seeds of its pictures follow from it. */
  number: number;
  text: string;
  /** The same sentence with words that no training caption uses. */
  heldText: string;
  /** Class id. */
  species: number;
  attributes: FlowerAttributes;
  petal: ColorName;
  /** The color of the tips, where the caption names one. */
  tip: ColorName | null;
  center: ColorName;
  /** The number of the caption whose colors are swapped in this one. */
  twinOf: number | null;
}
