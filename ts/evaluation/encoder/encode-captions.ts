import type { Dataset, SplitName } from '../../data/dataset';
import { PhiloxStream, PURPOSE } from '../../data/philox';
import type { TextEncoder } from '../../models/text-encoder';
import { EVALUATION_PASS } from '../statistics';
import type { Rows } from './zero-shot';

/** The key of the drawing of captions; part of the measure, never an option. */
const CAPTION_SEED = 1;
const TEXTS_PER_CALL = 1024;

/** A caption of the pack, with the class of its image. */
export interface ClassCaption {
  text: string;
  classId: number;
  /** True where a word is kept out of training. */
  held: boolean;
}

export interface EncodedCaptions {
  captions: ClassCaption[];
  /** A row for each caption. */
  rows: Rows;
}

/** All captions of a split's images that have a class, image after image. */
export function captionsOfSplit(dataset: Dataset, split: SplitName): ClassCaption[] {
  return dataset.imagesOf(split).flatMap((image) => {
    const classId = dataset.classOf(image);
    if (classId < 0) return [];
    return dataset.captionsOf(image).map(({ text, held }) => ({ text, held, classId }));
  });
}

/** Up to so many captions of each class, drawn among those in words of training. */
export function drawCaptions(captions: readonly ClassCaption[], perClass: number): ClassCaption[] {
  const classes = [...new Set(captions.map(({ classId }) => classId))];
  return classes.flatMap((classId) => {
    const own = captions.filter((caption) => caption.classId === classId && !caption.held);
    const position = { pass: EVALUATION_PASS.probes, row: classId };
    return new PhiloxStream(CAPTION_SEED, PURPOSE.evaluation, position).shuffle(own).slice(0, perClass);
  });
}

/** Encodes texts, a block at a time. @throws FlorigenError `ABORTED` */
export async function encodeRows(
  encoder: TextEncoder,
  texts: readonly string[],
  { signal, onBlock }: { signal?: AbortSignal | undefined; onBlock?: (done: number) => void } = {},
): Promise<Rows> {
  const width = encoder.sizes.sentence;
  const data = new Float32Array(texts.length * width);
  for (let first = 0; first < texts.length; first += TEXTS_PER_CALL) {
    const block = texts.slice(first, first + TEXTS_PER_CALL);
    const { sentence } = await encoder.encode(block, signal === undefined ? {} : { signal });
    data.set(sentence.data, first * width);
    onBlock?.(first + block.length);
  }
  return { data, width };
}
