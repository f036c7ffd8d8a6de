import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TrueTypeFont } from '../formats/truetype';

/** The faces of labels. DejaVu ships with florigen, so a machine needs no fonts and no fontconfig. */
const faces = {
  plain: 'DejaVuSansCondensed.ttf',
  bold: 'DejaVuSansCondensed-Bold.ttf',
  title: 'DejaVuSerif.ttf',
};
export type Face = keyof typeof faces;

const fonts = new Map<Face, TrueTypeFont>();

function fontOf(face: Face): TrueTypeFont {
  let font = fonts.get(face);
  if (font === undefined) {
    const folder = path.dirname(require.resolve('dejavu-fonts-ttf/package.json'));
    font = new TrueTypeFont(readFileSync(path.join(folder, 'ttf', faces[face])));
    fonts.set(face, font);
  }
  return font;
}

/** How a text is set. */
export interface TextStyle {
  face: Face;
  /** Pixels per em. */
  size: number;
}

/** Width of one line in pixels. */
export function textWidth(text: string, style: TextStyle): number {
  const font = fontOf(style.face);
  let width = 0;
  eachGlyph(font, text, (glyph, x) => {
    width = x + font.advance(glyph);
  });
  return (width * style.size) / font.unitsPerEm;
}

/** One line of text as an SVG path whose baseline starts at (x, y). */
export function textPath(text: string, style: TextStyle, at: { x: number; y: number; fill: string }): string {
  const font = fontOf(style.face);
  const scale = style.size / font.unitsPerEm;
  const glyphs: string[] = [];
  eachGlyph(font, text, (glyph, x) => {
    const outline = font.outline(glyph);
    if (outline !== '') glyphs.push(`<path transform="translate(${x} 0)" d="${outline}"/>`);
  });
  const transform = `translate(${at.x} ${at.y}) scale(${scale} ${-scale})`;
  return `<g fill="${at.fill}" transform="${transform}">${glyphs.join('')}</g>`;
}

/**
 * Breaks a text into lines of at most `width` pixels, between words, within a word only where it alone is too wide.
 * What does not fit into `maximumLines` is cut and ends in an ellipsis.
 */
export function wrapText(
  text: string,
  style: TextStyle,
  limits: { width: number; maximumLines: number },
): string[] {
  const { width, maximumLines } = limits;
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, style) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, style, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
    if (lines.length > maximumLines) break;
  }
  if (line !== '') lines.push(line);
  if (lines.length <= maximumLines) return lines;
  const kept = lines.slice(0, maximumLines);
  let last = kept.pop() ?? '';
  while (last !== '' && textWidth(`${last}…`, style) > width) last = last.slice(0, -1).trimEnd();
  return [...kept, `${last}…`];
}

/** One line, without what cannot be seen: control characters and those that turn the direction of writing. */
function printable(text: string): string {
  return text
    .slice(0, 2000)
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}\s]+/gu, ' ')
    .trim();
}

function breakWord(word: string, style: TextStyle, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && textWidth(piece + character, style) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}

function eachGlyph(font: TrueTypeFont, text: string, visit: (glyph: number, x: number) => void): void {
  let x = 0;
  let previous = -1;
  for (const character of text) {
    const glyph = font.glyphOf(character.codePointAt(0)!);
    if (previous >= 0) x += font.kerning(previous, glyph);
    visit(glyph, x);
    x += font.advance(glyph);
    previous = glyph;
  }
}
