import { execFileSync } from 'node:child_process';
import path from 'node:path';
import sharp from 'sharp';
import { labelledGrid } from '../../../ts/data/labelled-grid';
import { textPath, textWidth, wrapText } from '../../../ts/data/text-label';
import { TrueTypeFont } from '../../../ts/formats/truetype';

const style = { face: 'plain' as const, size: 12 };

/** Dark pixels of a text, in an image of the given size with the baseline at 3/4 of its height. */
async function darkPixels(text: string, size = 24): Promise<number> {
  const content = textPath(text, { face: 'plain', size }, { x: 2, y: size, fill: '#000' });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="${size * 1.4}">${content}</svg>`;
  const { data } = await sharp(Buffer.from(svg))
    .flatten({ background: '#fff' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  let dark = 0;
  for (let i = 0; i < data.length; i += 3) if (data[i]! < 128) dark++;
  return dark;
}

describe('wrapText', () => {
  test('breaks between words, and never wider than asked', () => {
    const text = 'a flower with twelve pointed crimson petals round a small sunny yellow heart';
    const lines = wrapText(text, style, { width: 110, maximumLines: 9 });
    expect(lines.join(' ')).toBe(text);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(textWidth(line, style)).toBeLessThanOrEqual(110);
  });

  test('cuts with an ellipsis what does not fit, also one word of 10,000 characters', () => {
    for (const text of ['petals '.repeat(1500), 'x'.repeat(10_000)]) {
      const lines = wrapText(text, style, { width: 100, maximumLines: 3 });
      expect(lines).toHaveLength(3);
      expect(lines[2]).toMatch(/…$/);
      for (const line of lines) expect(textWidth(line, style)).toBeLessThanOrEqual(100);
    }
  });

  test('an empty text has no lines; control and direction characters are not drawn', () => {
    expect(wrapText('', style, { width: 100, maximumLines: 3 })).toEqual([]);
    expect(wrapText(' \n\t ', style, { width: 100, maximumLines: 3 })).toEqual([]);
    const lines = wrapText('red\u001b[31m\u202erose\r\nred', style, { width: 500, maximumLines: 3 });
    expect(lines).toEqual(['red [31m rose red']);
  });
});

describe('the font', () => {
  test('knows widths and kerning, as FreeType gives them for DejaVu Sans Condensed', () => {
    // PIL's ImageFont.getlength at 2048 pixels per em, which asks FreeType: i 512, m 1795, é 1134, 花 (a box) 1106.
    expect(textWidth('i', { face: 'plain', size: 2048 })).toBe(512);
    expect(textWidth('m', { face: 'plain', size: 2048 })).toBe(1795);
    expect(textWidth('é', { face: 'plain', size: 2048 })).toBe(1134);
    expect(textWidth('花', { face: 'plain', size: 2048 })).toBe(1106);
    expect(textWidth('AV', style)).toBeLessThan(textWidth('A', style) + textWidth('V', style));
  });

  test('draws letters, accents (composite glyphs) and a box for what it lacks', async () => {
    const e = await darkPixels('e');
    const accented = await darkPixels('é');
    expect(e).toBeGreaterThan(20);
    expect(accented).toBeGreaterThan(e);
    expect(await darkPixels('m')).toBeGreaterThan(e);
    expect(await darkPixels(' ')).toBe(0);
    expect(await darkPixels('花')).toBeGreaterThan(10);
    // The counter of an o is a hole: a filled o would have far more.
    const ratio = (await darkPixels('o', 100)) / (await darkPixels('●', 100));
    expect(ratio).toBeLessThan(0.6);
  });

  test('a file that is no font is refused', () => {
    expect(() => new TrueTypeFont(Buffer.from('not a font at all, sorry'))).toThrow(RangeError);
  });
});

describe('labelledGrid', () => {
  const image = (value: number, label: string) => ({
    data: new Uint8Array(16 * 16 * 3).fill(value),
    width: 16,
    height: 16,
    label,
  });

  test('places pictures in rows, enlarged, with a shared label once', async () => {
    const one = { columns: 2, scale: 4, images: [image(10, 'same words'), image(200, 'same words')] };
    const png = await labelledGrid(one);
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.channels]).toEqual([2 * 28 + 2 * 64 + 14, 3]);
    const at = (x: number, y: number) => data[(y * info.width + x) * 3];
    expect([at(28 + 32, 28 + 32), at(28 + 64 + 14 + 32, 28 + 32)]).toEqual([10, 200]);
    const different = { ...one, images: [image(10, 'some words that need many lines'), image(200, 'x')] };
    expect((await sharp(await labelledGrid(different)).metadata()).height).toBeGreaterThan(info.height);
    expect(await labelledGrid(one)).toEqual(png);
  });

  test('refuses no picture, unlike pictures and no column', async () => {
    await expect(labelledGrid({ images: [], columns: 2 })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(labelledGrid({ images: [image(1, '')], columns: 0 })).rejects.toMatchObject({
      code: 'USAGE',
    });
    const odd = { ...image(1, ''), height: 15 };
    await expect(labelledGrid({ images: [image(1, ''), odd], columns: 2 })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  test('needs no installed font and no fontconfig: same bytes, nothing on stderr', () => {
    const root = path.join(__dirname, '..', '..');
    const run = (env: NodeJS.ProcessEnv) =>
      execFileSync(
        '/bin/sh',
        [
          '-c',
          'exec "$@" 2>&1',
          'sh',
          process.execPath,
          '-r',
          path.join(root, 'support', 'typescript-hook.js'),
          path.join(root, 'unit', 'data', 'draw-grid.ts'),
        ],
        { env, encoding: 'utf8' },
      );
    const bare = run({
      FONTCONFIG_FILE: '/nonexistent',
      FONTCONFIG_PATH: '/nonexistent',
      HOME: '/nonexistent',
    });
    expect(bare).toMatch(/^[0-9a-f]{64}\n$/);
    expect(bare).toBe(run(process.env));
  });
});
