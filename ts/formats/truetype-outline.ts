/** The two tables that hold outlines; `longOffsets` is `indexToLocFormat` of the table head. */
export interface OutlineTables {
  glyf: DataView;
  loca: DataView;
  longOffsets: boolean;
}

interface Point {
  x: number;
  y: number;
  onCurve: boolean;
}
/** x' = xx x + yx y + dx, y' = xy x + yy y + dy. */
interface Transform {
  xx: number;
  xy: number;
  yx: number;
  yy: number;
  dx: number;
  dy: number;
}

/** Outline of a glyph as SVG path data of lines and quadratic curves, in font units, y upwards. */
export function glyphOutline(tables: OutlineTables, glyph: number): string {
  return contoursOf(tables, glyph, 0).map(contourPath).join('');
}

function contoursOf(tables: OutlineTables, glyph: number, depth: number): Point[][] {
  const { glyf, loca, longOffsets } = tables;
  const offset = (index: number) => (longOffsets ? loca.getUint32(4 * index) : 2 * loca.getUint16(2 * index));
  const start = offset(glyph);
  if (depth > 8 || offset(glyph + 1) === start) return [];
  const contourCount = glyf.getInt16(start);
  return contourCount >= 0
    ? simpleContours(glyf, start + 10, contourCount)
    : compositeContours(tables, start + 10, depth);
}

function simpleContours(glyf: DataView, start: number, contourCount: number): Point[][] {
  if (contourCount === 0) return [];
  const ends = Array.from({ length: contourCount }, (_, contour) => glyf.getUint16(start + 2 * contour));
  const pointCount = ends.at(-1)! + 1;
  let at = start + 2 * contourCount;
  at += 2 + glyf.getUint16(at);
  const flags: number[] = [];
  while (flags.length < pointCount) {
    const flag = glyf.getUint8(at++);
    const repeats = flag & 8 ? glyf.getUint8(at++) : 0;
    for (let i = 0; i <= repeats; i++) flags.push(flag);
  }
  const xs = readCoordinates(glyf, at, { flags, short: 2, same: 16 });
  const ys = readCoordinates(glyf, xs.end, { flags, short: 4, same: 32 });
  const points = flags.map((flag, i) => ({ x: xs.values[i]!, y: ys.values[i]!, onCurve: (flag & 1) === 1 }));
  return ends.map((end, contour) => points.slice(contour === 0 ? 0 : ends[contour - 1]! + 1, end + 1));
}

/** Coordinates are differences of one byte with a sign flag, or of two bytes, or left out where nothing moves. */
function readCoordinates(
  glyf: DataView,
  start: number,
  kind: { flags: number[]; short: number; same: number },
): { values: number[]; end: number } {
  let at = start;
  let value = 0;
  const values = kind.flags.map((flag) => {
    if (flag & kind.short) value += flag & kind.same ? glyf.getUint8(at++) : -glyf.getUint8(at++);
    else if (!(flag & kind.same)) {
      value += glyf.getInt16(at);
      at += 2;
    }
    return value;
  });
  return { values, end: at };
}

function compositeContours(tables: OutlineTables, start: number, depth: number): Point[][] {
  const { glyf } = tables;
  const contours: Point[][] = [];
  let at = start;
  for (;;) {
    const flags = glyf.getUint16(at);
    const glyph = glyf.getUint16(at + 2);
    const wide = (flags & 1) !== 0;
    const dx = wide ? glyf.getInt16(at + 4) : glyf.getInt8(at + 4);
    const dy = wide ? glyf.getInt16(at + 6) : glyf.getInt8(at + 5);
    at += wide ? 8 : 6;
    const scales = flags & 8 ? 1 : flags & 0x40 ? 2 : flags & 0x80 ? 4 : 0;
    const scale = Array.from({ length: scales }, (_, i) => glyf.getInt16(at + 2 * i) / 16384);
    at += 2 * scales;
    const [xx = 1, second = xx, yx = 0, yy = second] = scale;
    const transform =
      scales === 4 ? { xx, xy: second, yx, yy, dx, dy } : { xx, xy: 0, yx: 0, yy: second, dx, dy };
    for (const contour of contoursOf(tables, glyph, depth + 1)) {
      contours.push(contour.map((point) => apply(transform, point)));
    }
    if (!(flags & 0x20)) return contours;
  }
}

function apply(t: Transform, { x, y, onCurve }: Point): Point {
  return { x: t.xx * x + t.yx * y + t.dx, y: t.xy * x + t.yy * y + t.dy, onCurve };
}

/** Two control points in a row have a point on the curve, left out of the file, half way between them. */
function contourPath(points: Point[]): string {
  if (points.length < 2) return '';
  const first = points.findIndex((point) => point.onCurve);
  const start = first >= 0 ? points[first]! : middle(points[0]!, points.at(-1)!);
  const rest = first >= 0 ? [...points.slice(first + 1), ...points.slice(0, first)] : points;
  let path = `M${start.x} ${start.y}`;
  let control: Point | null = null;
  for (const point of [...rest, start]) {
    if (point.onCurve) {
      path += control === null ? `L${point.x} ${point.y}` : curve(control, point);
      control = null;
    } else {
      if (control !== null) path += curve(control, middle(control, point));
      control = point;
    }
  }
  return `${path}Z`;
}

function curve(control: Point, to: Point): string {
  return `Q${control.x} ${control.y} ${to.x} ${to.y}`;
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, onCurve: true };
}
