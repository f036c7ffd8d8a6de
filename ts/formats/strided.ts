import type { FileHandle } from 'node:fs/promises';
import { decodeFloats, type ElementType, elementBytes } from './float-decoding';
import { readAt } from './open-file';

/** A view into a storage of numbers: element [i, j, ...] is number `offset + i * strides[0] + j * strides[1] + ...`. */
export interface StridedView {
  sizes: readonly number[];
  /** In elements, as `offset`; never negative. */
  strides: readonly number[];
  offset: number;
}

/** Numbers that lie in a file, one after the other. */
export interface StoredNumbers {
  type: ElementType;
  elements: number;
  /** Bytes from the start of the file. */
  position: number;
}

/** A view that repeats its numbers (stride 0) may have this many elements more than its storage. */
const maximumRepeated = 1 << 24;

/** Elements of a view. */
export function elementCount({ sizes }: Pick<StridedView, 'sizes'>): number {
  return sizes.reduce((product, size) => product * size, 1);
}

/** One more than the last place of the storage that a view reaches; 0 for a view without elements. */
export function viewEnd(view: StridedView): number {
  if (view.sizes.includes(0)) return 0;
  return view.sizes.reduce((end, size, axis) => end + (size - 1) * view.strides[axis]!, view.offset) + 1;
}

/** What is wrong with a view, for the end of a sentence about it; `undefined` where nothing is. */
export function viewFault(view: StridedView, elements: number): string | undefined {
  const numbers = [...view.sizes, ...view.strides, view.offset];
  if (numbers.some((number) => !Number.isSafeInteger(number) || number < 0))
    return 'has a negative or absurd size, stride or offset';
  const end = viewEnd(view);
  if (!Number.isSafeInteger(end) || end > elements)
    return `reaches to element ${end} of a storage of ${elements}`;
  if (elementCount(view) > elements + maximumRepeated) return `repeats its ${elements} numbers without end`;
  return undefined;
}

/** Reads a view (without fault) as float32, row-major, taking the memory of the part that it reaches. */
export async function readView(
  handle: FileHandle,
  view: StridedView,
  stored: StoredNumbers,
  fail: (what: string) => never,
): Promise<Float32Array> {
  const end = viewEnd(view);
  if (end === 0) return new Float32Array(0);
  const width = elementBytes[stored.type];
  const bytes = await readAt(
    handle,
    stored.position + view.offset * width,
    (end - view.offset) * width,
    fail,
  );
  return gather(decodeFloats(bytes, stored.type), { ...view, offset: 0 });
}

function gather(numbers: Float32Array, { sizes, strides }: StridedView): Float32Array {
  if (isPacked(sizes, strides)) return numbers;
  const result = new Float32Array(elementCount({ sizes }));
  const index = new Array<number>(sizes.length).fill(0);
  let place = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = numbers[place]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      place += strides[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      place -= sizes[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

function isPacked(sizes: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    if (sizes[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= sizes[axis]!;
  }
  return true;
}
