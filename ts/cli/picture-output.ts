import fs from 'node:fs';
import path from 'node:path';
import { type GridImage, labelledGrid } from '../data/labelled-grid';
import { mustBe, UsageError } from '../errors';
import { writeFileAtomic } from '../formats/atomic-file';

/** A drawn picture, as `Generator` returns it. */
export interface Picture {
  data: Uint8Array;
  width: number;
  height: number;
  prompt: string;
  seed: number;
  toPng(): Promise<Uint8Array>;
}

const maximumGridPictures = 400;

/** What `--out` asks for. A folder is one that exists, or a path that ends in a slash or has no extension. */
export async function outputKind(out: string): Promise<'grid' | 'folder'> {
  const stat = await fs.promises.stat(out).catch(() => null);
  if (stat?.isDirectory() || /[/\\]$/.test(out)) return 'folder';
  const extension = path.extname(out).toLowerCase();
  if (extension === '.png') return 'grid';
  if (extension === '' && stat === null) return 'folder';
  throw new UsageError(mustBe('--out', 'a .png file (one grid) or a folder (a file a picture)', out));
}

/** Refuses a grid that nobody could look at. */
export function checkGridSize(count: number): void {
  if (count > maximumGridPictures)
    throw new UsageError(mustBe('--count', `at most ${maximumGridPictures} pictures in one grid`, count), {
      hint: 'Let --out name a folder: it gets a file a picture.',
    });
}

/** One picture with every sentence beneath its row. `columns` is the number of pictures a sentence. */
export async function writeGrid(
  file: string,
  pictures: readonly Picture[],
  options: { columns: number; title: string; subtitle: string },
): Promise<void> {
  const images: GridImage[] = pictures.map(({ data, width, height, prompt }) => ({
    data,
    width,
    height,
    label: prompt,
  }));
  const grid = await labelledGrid({ images, ...options, columns: options.columns, scale: 2 });
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, grid);
}

/** Writes pictures as they come, and at the end a manifest that says which sentence and seed each is of. */
export class PictureFolder {
  private readonly entries: { file: string; prompt: string; seed: number; width: number; height: number }[] =
    [];

  constructor(private readonly folder: string) {}

  async add(picture: Picture): Promise<void> {
    await fs.promises.mkdir(this.folder, { recursive: true });
    const { prompt, seed, width, height } = picture;
    const number = String(this.entries.length + 1).padStart(5, '0');
    const file = `${[number, slug(prompt), seed].filter((part) => part !== '').join('-')}.png`;
    await writeFileAtomic(path.join(this.folder, file), await picture.toPng());
    this.entries.push({ file, prompt, seed, width, height });
  }

  /** @returns the path of the manifest */
  async finish(about: object): Promise<string> {
    const manifest = path.join(this.folder, 'manifest.json');
    await writeFileAtomic(manifest, `${JSON.stringify({ ...about, pictures: this.entries }, null, 2)}\n`);
    return manifest;
  }
}

/** A sentence as a file name on any system. */
function slug(text: string): string {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return words.slice(0, 48).replace(/^-+|-+$/g, '');
}
