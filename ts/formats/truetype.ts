import { glyphOutline } from './truetype-outline';

/** Where a table of a font lies. */
type Tables = ReadonlyMap<string, DataView>;

/**
 * A TrueType font (Apple and Microsoft, "OpenType specification", tables cmap, glyf, head, hhea, hmtx, kern, loca):
 * advances, kerning and outlines, for labels that look the same on every machine and need no installed fonts.
 */
export class TrueTypeFont {
  readonly unitsPerEm: number;
  /** Font units from the baseline up to the top of a line, and (negative) down to its bottom. */
  readonly ascender: number;
  readonly descender: number;
  readonly #tables: Tables;
  readonly #glyphs: Map<number, number>;
  readonly #kerning: Map<number, number>;
  readonly #outlines = new Map<number, string>();

  /** @param bytes a .ttf file @throws RangeError where it is none */
  constructor(bytes: Uint8Array) {
    this.#tables = readTables(bytes);
    this.unitsPerEm = this.#table('head').getUint16(18);
    this.ascender = this.#table('hhea').getInt16(4);
    this.descender = this.#table('hhea').getInt16(6);
    this.#glyphs = readCharacterMap(this.#table('cmap'));
    this.#kerning = readKerning(this.#tables.get('kern'));
  }

  /** The glyph of a character; 0, an empty box, for one that the font lacks. */
  glyphOf(codePoint: number): number {
    return this.#glyphs.get(codePoint) ?? 0;
  }

  /** Width of a glyph in font units. */
  advance(glyph: number): number {
    const count = this.#table('hhea').getUint16(34);
    return this.#table('hmtx').getUint16(4 * Math.min(glyph, count - 1));
  }

  /** Font units to add between two glyphs; mostly 0 or negative. */
  kerning(left: number, right: number): number {
    return this.#kerning.get(left * 65536 + right) ?? 0;
  }

  /** Outline of a glyph as SVG path data in font units, y upwards, filled by the non-zero rule. */
  outline(glyph: number): string {
    let path = this.#outlines.get(glyph);
    if (path === undefined) {
      const longOffsets = this.#table('head').getInt16(50) === 1;
      path = glyphOutline({ glyf: this.#table('glyf'), loca: this.#table('loca'), longOffsets }, glyph);
      this.#outlines.set(glyph, path);
    }
    return path;
  }

  #table(name: string): DataView {
    const table = this.#tables.get(name);
    if (table === undefined) throw new RangeError(`the font has no table ${name}`);
    return table;
  }
}

function readTables(bytes: Uint8Array): Tables {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x00010000) throw new RangeError('not a TrueType font');
  const tables = new Map<string, DataView>();
  for (let record = 12; record < 12 + 16 * view.getUint16(4); record += 16) {
    const name = String.fromCharCode(...bytes.subarray(record, record + 4));
    const offset = bytes.byteOffset + view.getUint32(record + 8);
    tables.set(name, new DataView(bytes.buffer, offset, view.getUint32(record + 12)));
  }
  return tables;
}

/** Reads the Unicode subtable of format 12: groups of (first character, last character, first glyph). */
function readCharacterMap(cmap: DataView): Map<number, number> {
  const glyphs = new Map<number, number>();
  for (let record = 4; record < 4 + 8 * cmap.getUint16(2); record += 8) {
    const subtable = cmap.getUint32(record + 4);
    if (cmap.getUint16(subtable) !== 12) continue;
    const groupCount = cmap.getUint32(subtable + 12);
    for (let group = 0; group < groupCount; group++) {
      const at = subtable + 16 + 12 * group;
      const [first, last, glyph] = [cmap.getUint32(at), cmap.getUint32(at + 4), cmap.getUint32(at + 8)];
      for (let code = first; code <= last; code++) glyphs.set(code, glyph + code - first);
    }
    return glyphs;
  }
  throw new RangeError('the font has no character map of format 12');
}

/** Reads a horizontal kerning table of format 0: pairs of glyphs and their adjustment. */
function readKerning(kern: DataView | undefined): Map<number, number> {
  const pairs = new Map<number, number>();
  const isFormat0 = kern !== undefined && kern.getUint16(2) > 0 && kern.getUint16(8) === 1;
  if (!isFormat0) return pairs;
  for (let pair = 0; pair < kern.getUint16(10); pair++) {
    const at = 18 + 6 * pair;
    pairs.set(kern.getUint16(at) * 65536 + kern.getUint16(at + 2), kern.getInt16(at + 4));
  }
  return pairs;
}
