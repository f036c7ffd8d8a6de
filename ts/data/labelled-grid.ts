import sharp from 'sharp';
import { mustBe, UsageError } from '../errors';
import { type TextStyle, textPath, wrapText } from './text-label';

/** A picture of a grid: RGB bytes [height, width, 3], and what is written beneath. */
export interface GridImage {
  data: Uint8Array;
  width: number;
  height: number;
  label: string;
}

export interface GridOptions {
  images: readonly GridImage[];
  columns: number;
  /** Enlargement; default 2. */
  scale?: number;
  title?: string;
  /** Small print under the title. */
  subtitle?: string;
}

const paper = '#faf8f4';
const ink = { title: '#2b2622', label: '#4a443e', small: '#8a8178' };
const margin = 28;
const gap = 14;
const corner = 5;
const titleStyle: TextStyle = { face: 'title', size: 20 };
const smallStyle: TextStyle = { face: 'plain', size: 12 };
const labelStyle: TextStyle = { face: 'plain', size: 12.5 };
const labelLineHeight = 16;
const maximumLabelLines = 7;

interface Place {
  image: GridImage;
  left: number;
  top: number;
}
interface Layout {
  width: number;
  height: number;
  places: Place[];
  texts: string[];
}

/**
 * A PNG of pictures in rows, each with its label beneath. Neighbours of a row with the same label share it, so that
 * a row of pictures of one sentence says it once.
 * @throws UsageError for no image, pictures of several sizes, or columns below 1
 */
export async function labelledGrid(options: GridOptions): Promise<Buffer> {
  const { images, columns, scale = 2 } = options;
  const [first] = images;
  if (first === undefined) throw new UsageError(mustBe('images', 'a list of at least one image', 'empty'));
  if (!(Number.isInteger(columns) && columns > 0)) {
    throw new UsageError(mustBe('columns', 'a positive integer', columns));
  }
  for (const { width, height, data } of images) {
    if (width !== first.width || height !== first.height || data.byteLength !== width * height * 3) {
      throw new UsageError('`images` must be RGB pictures of one size, but are of several instead');
    }
  }
  const cell = { width: Math.round(first.width * scale), height: Math.round(first.height * scale) };
  const layout = layOut(options, cell);
  const tiles = await Promise.all(
    layout.places.map(async ({ image, left, top }) => ({ input: await enlarge(image, cell), left, top })),
  );
  const page = sharp(Buffer.from(svg(layout, layout.texts.join(''), paper)), { limitInputPixels: false });
  const corners = layout.places.map((place) => cornerPath(place, cell)).join('');
  const frame = Buffer.from(svg(layout, corners, 'none'));
  return await page
    .composite([...tiles, { input: frame, left: 0, top: 0 }])
    .removeAlpha()
    .png({ compressionLevel: 9 })
    .toBuffer();
}

function layOut(options: GridOptions, cell: { width: number; height: number }): Layout {
  const columns = Math.min(options.columns, options.images.length);
  const width = 2 * margin + columns * cell.width + (columns - 1) * gap;
  const layout: Layout = { width, height: margin, places: [], texts: [] };
  addHeading(layout, options);
  for (let start = 0; start < options.images.length; start += columns) {
    addRow(layout, options.images.slice(start, start + columns), cell);
  }
  layout.height += margin - gap;
  return layout;
}

function addHeading(layout: Layout, { title = '', subtitle = '' }: GridOptions): void {
  const parts = [
    { text: title, style: titleStyle, fill: ink.title, lineHeight: 26 },
    { text: subtitle, style: smallStyle, fill: ink.small, lineHeight: 17 },
  ];
  const before = layout.height;
  for (const { text, style, fill, lineHeight } of parts) {
    const limits = { width: layout.width - 2 * margin, maximumLines: 3 };
    for (const line of wrapText(text, style, limits)) {
      layout.texts.push(textPath(line, style, { x: margin, y: layout.height + style.size, fill }));
      layout.height += lineHeight;
    }
  }
  if (layout.height > before) layout.height += 12;
}

/** Places a row, and its labels under it: one for each run of equal labels, as wide as the run. */
function addRow(layout: Layout, images: readonly GridImage[], cell: { width: number; height: number }): void {
  const left = (column: number) => margin + column * (cell.width + gap);
  const top = layout.height;
  let lineCount = 0;
  for (let column = 0; column < images.length; ) {
    let end = column + 1;
    while (end < images.length && images[end]?.label === images[column]?.label) end++;
    const width = left(end) - gap - left(column);
    const label = images[column]?.label ?? '';
    const lines = wrapText(label, labelStyle, { width, maximumLines: maximumLabelLines });
    for (const [index, line] of lines.entries()) {
      const y = top + cell.height + 7 + labelStyle.size + index * labelLineHeight;
      layout.texts.push(textPath(line, labelStyle, { x: left(column), y, fill: ink.label }));
    }
    lineCount = Math.max(lineCount, lines.length);
    column = end;
  }
  for (const [column, image] of images.entries()) layout.places.push({ image, left: left(column), top });
  layout.height += cell.height + (lineCount > 0 ? 10 + lineCount * labelLineHeight : 0) + gap;
}

/** Mitchell's kernel enlarges without the ringing of Lanczos, and without blocks. */
async function enlarge(image: GridImage, cell: { width: number; height: number }): Promise<Buffer> {
  const { data, width, height } = image;
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(cell.width, cell.height, { kernel: 'mitchell', fit: 'fill' })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

function svg({ width, height }: Layout, content: string, background: string): string {
  const rectangle = `<rect width="100%" height="100%" fill="${background}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${rectangle}${content}</svg>`;
}

/** Covers what lies outside rounded corners with paper, and draws a hairline along the edge. */
function cornerPath({ left, top }: Place, { width, height }: { width: number; height: number }): string {
  const r = Math.min(corner, width / 4, height / 4);
  const box = `x="${left + 0.5}" y="${top + 0.5}" width="${width - 1}" height="${height - 1}" rx="${r}"`;
  const outer = `M${left} ${top}h${width}v${height}h${-width}z`;
  const arc = (dx: number, dy: number) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  const across = width - 2 * r;
  const down = height - 2 * r;
  const inner = `M${left + r} ${top}h${across}${arc(r, r)}v${down}${arc(-r, r)}h${-across}${arc(-r, -r)}v${-down}${arc(r, -r)}z`;
  return (
    `<path fill="${paper}" fill-rule="evenodd" d="${outer}${inner}"/>` +
    `<rect ${box} fill="none" stroke="#000" stroke-opacity=".12"/>`
  );
}
