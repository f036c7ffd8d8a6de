import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZipFile } from '../../../ts/formats/zip';

const fixture = (name: string) => join(__dirname, '../native/fixtures', name);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'florigen-zip-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function extractAll(path: string): Promise<string[]> {
  const archive = await ZipFile.open(path);
  try {
    for (const entry of archive.entries) await archive.extract(entry, folder);
    return archive.entries.map(({ name }) => name);
  } finally {
    await archive.close();
  }
}

test('reads what Python packs: stored, deflated, empty, executable, and larger than a chunk', async () => {
  const names = await extractAll(fixture('plain.zip'));
  expect(names).toEqual(['empty.txt', 'folder/stored.txt', 'folder/run.sh', 'large.bin']);
  expect(readFileSync(join(folder, 'empty.txt'))).toHaveLength(0);
  expect(readFileSync(join(folder, 'folder/stored.txt'), 'utf8')).toBe('stored');
  expect(statSync(join(folder, 'folder/run.sh')).mode & 0o111).toBe(0o111);
  expect(statSync(join(folder, 'folder/stored.txt')).mode & 0o111).toBe(0);
  const large = readFileSync(join(folder, 'large.bin'));
  expect(large).toHaveLength(3_000_000);
  expect(large.every((byte, i) => byte === (i * i) % 251)).toBe(true);
});

test('reads 64-bit sizes and offsets', async () => {
  await extractAll(fixture('zip64.zip'));
  expect(readFileSync(join(folder, 'short.txt'), 'utf8')).toBe('short');
  expect(readFileSync(join(folder, 'wide.txt'), 'utf8')).toBe('sizes and offset of 64 bits');
});

test('refuses an entry that would leave the folder', async () => {
  await expect(extractAll(fixture('outside.zip'))).rejects.toMatchObject({ code: 'DATA' });
  expect(existsSync(join(folder, '..', 'outside.txt'))).toBe(false);
});

test('refuses a file that is cut short or is no archive', async () => {
  const path = join(folder, 'cut.zip');
  writeFileSync(path, readFileSync(fixture('plain.zip')));
  truncateSync(path, statSync(path).size - 60);
  await expect(ZipFile.open(path)).rejects.toThrow(/must be a whole zip archive/);
  writeFileSync(path, 'not an archive');
  await expect(ZipFile.open(path)).rejects.toMatchObject({ code: 'DATA' });
});
