import { boxMean, frameMean, type SummedPlane, sumPlane } from './planes';

// Taken once: in jest's sandbox a global costs a hundred nanoseconds a look.
const { floor, hypot, max, sqrt } = Math;

/** Kinds of region, numbered as the masks of the built-in flowers. */
export const BACKGROUND = 0;
export const PETAL = 1;
export const CENTER = 2;
export const GREEN = 3;
export const REGION_KINDS = 4;

/** Side of the pictures that the reader looks at, in pixels. */
export const READER_SIZE = 64;

const REACHES = [1, 3, 7, 14];
const FRAME = 4;
const LAB_SCALE = 1 / 50;

/** Features of a pixel in the first look: color here and around, difference to the frame, place, roughness. */
export const FIRST_FEATURES = 3 + 3 * REACHES.length + 3 + REACHES.length + 3 + 1 + 1;
/** Features of a pixel in the second look: those of the first, and what the first look found. */
export const SECOND_FEATURES = FIRST_FEATURES + REGION_KINDS * 3 + 3 + 3 * 3;

/** Row-major features `[pixels, columns]`, filled column by column. */
class FeatureTable {
  readonly values: Float32Array;
  private column = 0;

  constructor(
    private readonly pixels: number,
    private readonly columns: number,
  ) {
    this.values = new Float32Array(pixels * columns);
  }

  add(value: (pixel: number) => number): void {
    for (let pixel = 0; pixel < this.pixels; pixel++) {
      this.values[pixel * this.columns + this.column] = value(pixel);
    }
    this.column++;
  }
}

/**
 * What the first look sees of every pixel. `lab` holds three planes `[3, size, size]`. No feature is tied to a hue by
 * itself; that none becomes so is the work of the hue turns in the fit (`fit.ts`).
 */
export function firstLook(lab: Float32Array[], size: number): Float32Array {
  const table = new FeatureTable(size * size, FIRST_FEATURES);
  const summed: SummedPlane[] = lab.map((plane) => sumPlane(plane, size));
  const means = REACHES.map((reach) => summed.map((plane) => boxMean(plane, reach)));
  const frame = summed.map((plane) => frameMean(plane, FRAME));
  for (let c = 0; c < 3; c++) table.add((p) => lab[c]![p]! * LAB_SCALE);
  for (const mean of means) for (let c = 0; c < 3; c++) table.add((p) => mean[c]![p]! * LAB_SCALE);
  for (let c = 0; c < 3; c++) table.add(() => frame[c]! * LAB_SCALE);
  for (const mean of means) {
    table.add((p) =>
      distance(lab[0]![p]! - mean[0]![p]!, lab[1]![p]! - mean[1]![p]!, lab[2]![p]! - mean[2]![p]!),
    );
  }
  const half = (size - 1) / 2;
  const dx = (p: number) => ((p % size) - half) / half;
  const dy = (p: number) => (floor(p / size) - half) / half;
  table.add(dx);
  table.add(dy);
  table.add((p) => hypot(dx(p), dy(p)));
  table.add((p) => distance(lab[0]![p]! - frame[0]!, lab[1]![p]! - frame[1]!, lab[2]![p]! - frame[2]!));
  const squares = boxMean(
    sumPlane(
      lab[0]!.map((value) => value * value),
      size,
    ),
    2,
  );
  const light = boxMean(summed[0]!, 2);
  table.add((p) => sqrt(max(0, squares[p]! - light[p]! ** 2)) * LAB_SCALE);
  return table.values;
}

/**
 * What the second look sees: the first features, the first look's probabilities here and around, the place relative
 * to the flower that the first look found (in units of its spread), and the difference to its mean colors.
 */
export function secondLook(
  first: Float32Array,
  probabilities: Float32Array,
  lab: Float32Array[],
  size: number,
): Float32Array {
  const pixels = size * size;
  const table = new FeatureTable(pixels, SECOND_FEATURES);
  for (let f = 0; f < FIRST_FEATURES; f++) table.add((p) => first[p * FIRST_FEATURES + f]!);
  for (let kind = 0; kind < REGION_KINDS; kind++) {
    const plane = Float32Array.from({ length: pixels }, (_, p) => probabilities[p * REGION_KINDS + kind]!);
    const summed = sumPlane(plane, size);
    const near = boxMean(summed, 2);
    const far = boxMean(summed, 7);
    table.add((p) => plane[p]!);
    table.add((p) => near[p]!);
    table.add((p) => far[p]!);
  }
  const flower = place(probabilities, size);
  const dx = (p: number) => ((p % size) - flower.x) / flower.spread;
  const dy = (p: number) => (floor(p / size) - flower.y) / flower.spread;
  table.add(dx);
  table.add(dy);
  table.add((p) => hypot(dx(p), dy(p)));
  for (const kind of [BACKGROUND, PETAL, CENTER]) {
    const mean = lab.map((plane) => weightedMean(plane, probabilities, kind));
    for (let c = 0; c < 3; c++) table.add((p) => (lab[c]![p]! - mean[c]!) * LAB_SCALE);
  }
  return table.values;
}

/** Where the flower is: centroid and root-mean-square radius of what looks like petal or center. */
function place(probabilities: Float32Array, size: number): { x: number; y: number; spread: number } {
  let weight = 1e-6;
  let x = (weight * (size - 1)) / 2;
  let y = x;
  const flower = (p: number) =>
    probabilities[p * REGION_KINDS + PETAL]! + probabilities[p * REGION_KINDS + CENTER]!;
  for (let p = 0; p < size * size; p++) {
    weight += flower(p);
    x += flower(p) * (p % size);
    y += flower(p) * floor(p / size);
  }
  x /= weight;
  y /= weight;
  let square = 0;
  for (let p = 0; p < size * size; p++) {
    square += flower(p) * (((p % size) - x) ** 2 + (floor(p / size) - y) ** 2);
  }
  return { x, y, spread: max(2, sqrt(square / weight)) };
}

function weightedMean(plane: Float32Array, probabilities: Float32Array, kind: number): number {
  let weight = 1e-6;
  let sum = 0;
  for (let p = 0; p < plane.length; p++) {
    const w = probabilities[p * REGION_KINDS + kind]!;
    weight += w;
    sum += w * plane[p]!;
  }
  return sum / weight;
}

function distance(l: number, a: number, b: number): number {
  return sqrt(l * l + a * a + b * b) * LAB_SCALE;
}
