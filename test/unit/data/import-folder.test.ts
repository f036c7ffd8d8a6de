import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import sharp from 'sharp';
import { Dataset } from '../../../ts/data/dataset';
import { importFolder } from '../../../ts/data/import-folder';

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-import-'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const red = { r: 200, g: 30, b: 40 };

function plain(color: object | string, width = 40, height = 40): sharp.Sharp {
  return sharp({ create: { width, height, channels: 3, background: color } });
}

function put(name: string, bytes: Uint8Array | string): void {
  const file = path.join(root, 'photos', name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
}

async function run(options: object = {}) {
  const file = path.join(root, 'own.safetensors');
  const report = await importFolder({
    folder: path.join(root, 'photos'),
    path: file,
    sizes: [8],
    ...options,
  });
  return { report, data: await Dataset.open(file) };
}

/** Red, green and blue of the pixel at (x, y). */
async function pixel(data: Dataset, image: number, x: number, y: number): Promise<number[]> {
  const bytes = await data.image(image, 8);
  return [...bytes.subarray((y * 8 + x) * 3, (y * 8 + x) * 3 + 3)];
}

function near(actual: number[], expected: number[], bound = 4): void {
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(bound);
}

/** A sound PNG of black pixels, one bit each: small as a file, 800 MB as RGB. */
function bombPng(side: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  const rows = zlib.deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))), { level: 1 });
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length);
  body.copy(frame, 4);
  let crc = 0xffffffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  frame.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4);
  return frame;
}

test('packs JPEG, PNG and WebP with captions and classes of sub-folders, and names what it skips', async () => {
  put('rose/a.jpg', await plain(red).jpeg().toBuffer());
  put('rose/a.txt', '\ufeffa red rose\r\n\r\n  with thorns  \n');
  put('rose/b.PNG', await plain(red).png().toBuffer());
  put('rose/b.txt', 'eine Blüte');
  put('lily/deep/c.webp', await plain({ r: 9, g: 9, b: 250 }).webp().toBuffer());
  put('lily/deep/c.txt', 'a lily');
  put('lily/no-text.jpg', await plain(red).jpeg().toBuffer());
  put('lily/blank.jpg', await plain(red).jpeg().toBuffer());
  put('lily/blank.txt', ' \n\n');
  put('lily/latin.jpg', await plain(red).jpeg().toBuffer());
  put('lily/latin.txt', Buffer.from('Bl\xfcte', 'latin1'));
  put('lily/orphan.txt', 'words without an image');
  put('top.jpg', await plain(red).jpeg().toBuffer());
  put('top.txt', 'in no class');
  put('lily/moving.gif', await plain(red).gif().toBuffer());
  const { report, data } = await run();
  expect(report).toMatchObject({ packed: 3, captions: 4, classes: ['lily', 'rose'], zeroShot: false });
  expect(data.captionsOf(1).map(({ text }) => text)).toEqual(['a red rose', 'with thorns']);
  expect([0, 1, 2].map((i) => data.classOf(i))).toEqual([0, 1, 1]);
  expect(data.sourceOf(0).path).toBe('lily/deep/c.webp');
  expect(data.sourceOf(1).sha256).toMatch(/^[0-9a-f]{64}$/);
  near(await pixel(data, 0, 4, 4), [9, 9, 250], 8);
  expect(report.skipped).toEqual([
    { file: 'lily/blank.jpg', reason: 'lily/blank.txt has no caption' },
    { file: 'lily/latin.jpg', reason: 'lily/latin.txt is not UTF-8 text' },
    { file: 'lily/moving.gif', reason: 'only JPEG, PNG and WebP are read' },
    { file: 'lily/no-text.jpg', reason: 'there is no no-text.txt with captions beside it' },
    { file: 'lily/orphan.txt', reason: 'there is no image beside it' },
    { file: 'top.jpg', reason: 'it has no class: it lies beside the folders of classes' },
  ]);
  await data.verify();
});

test('holds a tenth out, says that this is not zero-shot, and gives the same pack again', async () => {
  for (let i = 0; i < 20; i++) {
    put(
      `${i}.png`,
      await plain({ r: 10 * i, g: 50, b: 90 })
        .png()
        .toBuffer(),
    );
    put(`${i}.txt`, `flower ${i % 3}`);
  }
  const { report, data } = await run({ seed: 5 });
  expect(report).toMatchObject({ packed: 20, heldOut: 2, classes: null, zeroShot: false, skipped: [] });
  expect(data.imagesOf('validation')).toHaveLength(2);
  expect(data.imagesOf('training')).toHaveLength(18);
  expect(data.metadata.zeroShot).toBe(false);
  expect(data.classOf(0)).toBe(-1);
  expect((await run({ seed: 5 })).data.fingerprint).toBe(data.fingerprint);
  const splits = new Set<string>();
  for (let seed = 0; seed < 4; seed++) splits.add(`${(await run({ seed })).data.imagesOf('validation')}`);
  expect(splits.size).toBeGreaterThan(1);
});

test('turns by EXIF, flattens on white, and brings grey, CMYK, 16 bits and odd shapes to RGB', async () => {
  const half = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#fff' } })
    .composite([{ input: await plain(red, 20, 20).png().toBuffer(), left: 0, top: 0 }])
    .png()
    .toBuffer();
  put('a-turned.jpg', await sharp(half).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer());
  put(
    'b-clear.png',
    await sharp({ create: { width: 9, height: 9, channels: 4, background: '#ff000000' } })
      .png()
      .toBuffer(),
  );
  put('c-grey.png', await plain({ r: 128, g: 128, b: 128 }).greyscale().png().toBuffer());
  put('d-cmyk.jpg', await plain(red).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer());
  put('e-deep.png', await plain(red).toColourspace('rgb16').png().toBuffer());
  put('f-wide.png', half);
  for (const name of fs.readdirSync(path.join(root, 'photos')))
    put(`${path.parse(name).name}.txt`, 'a flower');
  const { report, data } = await run();
  expect(report.skipped).toEqual([]);
  expect((await sharp(path.join(root, 'photos', 'd-cmyk.jpg')).metadata()).space).toBe('cmyk');
  expect((await sharp(path.join(root, 'photos', 'e-deep.png')).metadata()).depth).toBe('ushort');
  near(await pixel(data, 0, 1, 0), [200, 30, 40], 6); // orientation 6: the left half is now the top half
  near(await pixel(data, 0, 6, 7), [255, 255, 255], 6);
  near(await pixel(data, 1, 4, 4), [255, 255, 255]);
  near(await pixel(data, 2, 4, 4), [128, 128, 128]);
  near(await pixel(data, 3, 4, 4), [200, 30, 40], 40);
  near(await pixel(data, 4, 4, 4), [200, 30, 40]);
  near(await pixel(data, 5, 1, 4), [200, 30, 40]);
  near(await pixel(data, 5, 6, 4), [255, 255, 255]);
});

test('crop keeps the middle square, and a pack holds several sizes', async () => {
  const stripes = await sharp({ create: { width: 60, height: 20, channels: 3, background: '#fff' } })
    .composite([{ input: await plain(red, 20, 20).png().toBuffer(), left: 20, top: 0 }])
    .png()
    .toBuffer();
  put('a.png', stripes);
  put('a.txt', 'a flower');
  const { data } = await run({ resize: 'crop', sizes: [8, 5] });
  expect(data.sizes).toEqual([8, 5]);
  near(await pixel(data, 0, 3, 4), [200, 30, 40]);
  expect((await data.image(0, 5)).byteLength).toBe(75);
});

test('bombs, truncated and disguised files are skipped by name, quickly', async () => {
  const jpeg = await sharp(Buffer.from(Array.from({ length: 120_000 }, (_, i) => (i * 7919) % 251)), {
    raw: { width: 200, height: 200, channels: 3 },
  })
    .jpeg()
    .toBuffer();
  const png = await sharp(jpeg).png().toBuffer();
  put('bomb.png', bombPng(16383));
  put('cut.jpg', jpeg.subarray(0, jpeg.length / 2));
  put('cut.png', png.subarray(0, png.length / 2));
  put('empty.jpg', '');
  put('gif.jpg', await plain(red).gif().toBuffer());
  put('noise.png', Buffer.from('not an image at all'));
  put('svg.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  put('whole.jpg', jpeg);
  for (const name of fs.readdirSync(path.join(root, 'photos'))) put(`${name}.txt`, 'a flower');
  expect((await sharp(bombPng(500)).stats()).isOpaque).toBe(true);
  const before = process.cpuUsage();
  const { report } = await run();
  // Processor time, for the machine may be busy; decoding the bomb alone would take more.
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(1_000_000);
  expect(report.packed).toBe(1);
  const reasons = Object.fromEntries(report.skipped.map(({ file, reason }) => [file, reason]));
  expect(Object.keys(reasons).sort()).toEqual([
    'bomb.png',
    'cut.jpg',
    'cut.png',
    'empty.jpg',
    'gif.jpg',
    'noise.png',
    'svg.png',
  ]);
  expect(reasons['bomb.png']).toBe('it has more than 16.8 million pixels');
  expect(reasons['cut.jpg']).toContain('could not be decoded whole');
  expect(reasons['empty.jpg']).toBe('the file is empty');
  expect(reasons['gif.jpg']).toBe('it is gif inside, not JPEG, PNG or WebP');
  expect(reasons['noise.png']).toBe('it is not an image that can be read');
}, 60_000);

test('a folder with nothing to pack, a missing folder and bad options are refused in a sentence', async () => {
  put('a.jpg', await plain(red).jpeg().toBuffer());
  await expect(run()).rejects.toMatchObject({ code: 'DATA', message: expect.stringContaining('no a.txt') });
  expect(fs.readdirSync(root)).toEqual(['photos']);
  await expect(run({ folder: path.join(root, 'none') })).rejects.toMatchObject({ code: 'DATA' });
  await expect(run({ sizes: [-1] })).rejects.toMatchObject({ code: 'USAGE' });
  await expect(run({ resize: 'stretch' })).rejects.toMatchObject({ code: 'USAGE' });
});

test('stops at a signal and leaves no file', async () => {
  put('a.jpg', await plain(red).jpeg().toBuffer());
  put('a.txt', 'a flower');
  await expect(run({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  expect(fs.readdirSync(root)).toEqual(['photos']);
});
