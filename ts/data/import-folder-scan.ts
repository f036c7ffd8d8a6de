import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { DataError } from '../errors';
import { ioError, systemCode } from '../formats/io-error';

/** A file that did not get into the pack, and why. */
export interface Skipped {
  /** Path within the folder, with forward slashes. */
  file: string;
  reason: string;
}

/** An image file with captions. */
export interface Candidate {
  file: string;
  /** Path within the folder, with forward slashes. */
  name: string;
  /** Place in `classes`, or -1. */
  classId: number;
  captions: string[];
}

const imageExtensions = new Set(['.jpg', '.jpeg', '.png', '.webp']);
const otherImages = new Set(['.gif', '.tif', '.tiff', '.bmp', '.avif', '.heic', '.svg', '.jp2', '.jxl']);
const maximumCaptionBytes = 1 << 20;
const maximumCaptionLength = 10_000;

/**
 * Finds the images of a folder and the captions beside them. Images directly in the folder have no class; those in
 * a sub-folder, at any depth, are of the class that has the name of the first sub-folder.
 */
export async function scanFolder(
  folder: string,
): Promise<{ candidates: Candidate[]; classes: string[] | null; skipped: Skipped[] }> {
  const skipped: Skipped[] = [];
  const names = await filesOf(folder, skipped);
  const known = new Set(names);
  const found: Omit<Candidate, 'classId'>[] = [];
  const used = new Set<string>();
  for (const name of names) {
    const extension = path.posix.extname(name).toLowerCase();
    if (otherImages.has(extension)) skipped.push({ file: name, reason: 'only JPEG, PNG and WebP are read' });
    if (!imageExtensions.has(extension)) continue;
    const text = captionFileOf(name, known);
    if (text === undefined) {
      skipped.push({
        file: name,
        reason: `there is no ${path.posix.parse(name).name}.txt with captions beside it`,
      });
      continue;
    }
    used.add(text);
    const captions = await readCaptions(path.join(folder, text));
    if (typeof captions === 'string') skipped.push({ file: name, reason: `${text} ${captions}` });
    else found.push({ file: path.join(folder, name), name, captions });
  }
  for (const name of names) {
    const isText = path.posix.extname(name).toLowerCase() === '.txt';
    if (isText && !used.has(name)) skipped.push({ file: name, reason: 'there is no image beside it' });
  }
  return { ...withClasses(found, skipped), skipped };
}

/** Where some images have a class, one without could be paired with anything, so it is left out by name. */
function withClasses(
  found: readonly Omit<Candidate, 'classId'>[],
  skipped: Skipped[],
): { candidates: Candidate[]; classes: string[] | null } {
  const classOf = (name: string) => (name.includes('/') ? name.slice(0, name.indexOf('/')) : null);
  const names = new Set(found.map(({ name }) => classOf(name)).filter((name) => name !== null));
  if (names.size === 0)
    return { candidates: found.map((image) => ({ ...image, classId: -1 })), classes: null };
  const classes = [...names].sort();
  const ids = new Map<string | null, number>(classes.map((name, id) => [name, id]));
  const candidates: Candidate[] = [];
  for (const image of found) {
    const classId = ids.get(classOf(image.name));
    if (classId !== undefined) candidates.push({ ...image, classId });
    else skipped.push({ file: image.name, reason: 'it has no class: it lies beside the folders of classes' });
  }
  return { candidates, classes };
}

/** All files under a folder, by name in code-unit order; links are not followed out of caution about loops. */
async function filesOf(folder: string, skipped: Skipped[], under = ''): Promise<string[]> {
  const entries = await readdir(path.join(folder, under), { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') {
      throw new DataError(`\`${folder}\` must be a folder of images, but there is no such folder.`);
    }
    throw ioError(path.join(folder, under), 'could not be read', error);
  });
  const names: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = under === '' ? entry.name : `${under}/${entry.name}`;
    // Hidden files are the system's own, such as the shadow copies that macOS makes of every image.
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) names.push(...(await filesOf(folder, skipped, name)));
    else if (entry.isFile()) names.push(name);
    else if (await isFileLink(entry.isSymbolicLink(), path.join(folder, name))) names.push(name);
    else skipped.push({ file: name, reason: 'it is neither a file nor a folder' });
  }
  return names;
}

async function isFileLink(isLink: boolean, file: string): Promise<boolean> {
  if (!isLink) return false;
  const target = await stat(file).catch(() => null);
  return target?.isFile() ?? false;
}

/** rose.jpg has its captions in rose.txt or, where several images are called rose, in rose.jpg.txt. */
function captionFileOf(image: string, known: ReadonlySet<string>): string | undefined {
  const base = image.slice(0, -path.posix.extname(image).length);
  return [`${image}.txt`, `${base}.txt`, `${base}.TXT`].find((name) => known.has(name));
}

/** The captions of a file, or what is wrong with it. Blank lines are dropped. */
async function readCaptions(file: string): Promise<string[] | string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw ioError(file, 'could not be read', error);
  });
  if (bytes.length > maximumCaptionBytes) return 'is larger than 1 MB';
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return 'is not UTF-8 text';
  }
  if (text.includes('\0')) return 'is not text';
  const captions = text
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (captions.length === 0) return 'has no caption';
  const tooLong = captions.findIndex((caption) => caption.length > maximumCaptionLength);
  return tooLong < 0 ? captions : `has a caption of more than ${maximumCaptionLength} characters`;
}
