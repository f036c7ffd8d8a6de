import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { contactSheet } from '../../../ts/data/contact-sheet';
import { Dataset } from '../../../ts/data/dataset';
import { PackWriter } from '../../../ts/data/pack-writer';
import { readSafetensorsHeader, readTensor, type SafetensorsDtype } from '../../../ts/formats/safetensors';
import { type TensorSource, writeSafetensors } from '../../../ts/formats/safetensors-writer';
import { smallImage, smallLayout, writeSmallPack } from '../../support/small-pack';

const root = path.join(__dirname, '..', '..', 'formats', 'fixtures');
let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-pack-'));
  file = path.join(folder, 'small.safetensors');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

describe('the writer', () => {
  test('gives the same bytes in whatever order images come', async () => {
    await writeSmallPack(file, [5, 0, 3, 1, 4, 2]);
    expect(fs.readFileSync(file)).toEqual(fs.readFileSync(path.join(root, 'v1', 'pack.safetensors')));
    expect(fs.readdirSync(folder)).toEqual(['small.safetensors']);
  });

  test('a layout for more images than come closes the gaps', async () => {
    const writer = await PackWriter.create(file, { ...smallLayout, imageCount: 5000 });
    for (const i of [1, 0, 2]) await writer.addImage(i, smallImage(i));
    writer.setSplit(2, 'test');
    await writer.finish();
    const pack = await Dataset.open(file);
    await pack.verify();
    expect(pack.imageCount).toBe(3);
    for (const i of [0, 1, 2]) {
      expect(await pack.image(i, 3)).toEqual(smallImage(i).pixels[3]);
      expect(await pack.truth!.mask(i, 8)).toEqual(smallImage(i).truth!.mask![8]);
      expect([...pack.truth!.pose(i)]).toEqual(smallImage(i).truth!.pose);
    }
    expect(pack.imagesOf('test')).toEqual([2]);
    expect(fs.statSync(file).size).toBeLessThan(12_000);
  });

  test('memory stays far below the pixels of 1,000 images', async () => {
    const size = 96;
    const count = 1000; // 28 MB of pixels
    const { truth: _, ...layout } = smallLayout;
    const writer = await PackWriter.create(file, { ...layout, sizes: [size], imageCount: count });
    const before = process.memoryUsage();
    let most = 0;
    const pixels = new Uint8Array(size * size * 3);
    for (let i = 0; i < count; i++) {
      await writer.addImage(i, { ...smallImage(i % 6), pixels: { [size]: pixels.fill(i) } });
      const now = process.memoryUsage();
      most = Math.max(most, now.heapUsed - before.heapUsed + now.external - before.external);
    }
    await writer.finish();
    expect(fs.statSync(file).size).toBeGreaterThan(27_600_000);
    expect(most).toBeLessThan(14_000_000);
  });

  test('mistakes of its caller are refused, and a dropped pack leaves no file', async () => {
    const writer = await PackWriter.create(file, smallLayout);
    const image = smallImage(0);
    await writer.addImage(0, image);
    for (const [index, bad] of [
      [6, image],
      [0, image],
      [1, { ...image, classId: 3 }],
      [1, { ...image, captions: [] }],
      [1, { ...image, truth: undefined }],
    ] as const) {
      await expect(writer.addImage(index, bad)).rejects.toThrow(RangeError);
    }
    await expect(writer.addImage(2, { ...image, pixels: { 8: image.pixels[8]! } })).rejects.toThrow(
      'images/3',
    );
    await writer.addImage(2, smallImage(2));
    await expect(writer.finish()).rejects.toThrow('image 1 was not added');
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('an opened pack', () => {
  test('knows which images share a caption', async () => {
    await writeSmallPack(file);
    const pack = await Dataset.open(file);
    expect(pack.sharesCaption(0, 1)).toBe(true);
    expect(pack.sharesCaption(0, 2)).toBe(false);
    expect([...pack.captionIdentities.slice(0, 4)]).toEqual([0, 1, 2, 1]);
    expect(pack.imagesOf('validation')).toEqual([2, 3]);
  });

  test('tells the native side where tensors lie', async () => {
    await writeSmallPack(file);
    const pack = await Dataset.open(file);
    const { offset, bytes, dtype, shape } = pack.tensorRef('images/8');
    expect([bytes, dtype, shape]).toEqual([6 * 192, 'U8', [6, 8, 8, 3]]);
    expect(offset % 4).toBe(0);
    const raw = fs.readFileSync(file).subarray(offset, offset + 192);
    expect(new Uint8Array(raw)).toEqual(smallImage(0).pixels[8]);
    expect(() => pack.tensorRef('images/9')).toThrow('no tensor "images/9"');
  });

  test('refuses places and sizes that it has not', async () => {
    await writeSmallPack(file);
    const pack = await Dataset.open(file);
    expect(() => pack.classOf(6)).toThrow('`image` must be a number from 0 to 5, but is 6 instead');
    expect(() => pack.caption(-1)).toThrow('`caption` must be');
    await expect(pack.image(0, 64)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(pack.image(0.5)).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('its fingerprint follows every pixel and word', async () => {
    await writeSmallPack(file);
    const { fingerprint } = await Dataset.open(file);
    const writer = await PackWriter.create(file, smallLayout);
    for (let i = 0; i < 6; i++) {
      const image = smallImage(i);
      if (i === 4) image.pixels[8]![7] = image.pixels[8]![7]! ^ 1;
      await writer.addImage(i, image);
    }
    await writer.finish();
    expect((await Dataset.open(file)).fingerprint).not.toBe(fingerprint);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  test('draws a contact sheet: the same for a seed, another for another', async () => {
    await writeSmallPack(file);
    const pack = await Dataset.open(file);
    const sheet = await contactSheet(pack, { count: 4, seed: 1 });
    expect(sheet.subarray(1, 4).toString()).toBe('PNG');
    expect(await contactSheet(pack, { count: 4, seed: 1 })).toEqual(sheet);
    expect(await contactSheet(pack, { count: 4, seed: 2 })).not.toEqual(sheet);
    await expect(contactSheet(pack, { count: 0 })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

type Change = (bytes: Uint8Array) => { data?: Uint8Array; dtype?: SafetensorsDtype; shape?: number[] } | null;
const int32 =
  (at: number, value: number): Change =>
  (bytes) => {
    new DataView(bytes.buffer).setInt32(at * 4, value, true);
    return {};
  };
const byte =
  (at: number, value: number): Change =>
  (bytes) => {
    bytes[at] = value;
    return {};
  };
const gone: Change = () => null;

/** A sound safetensors file that is not a sound pack: one tensor or metadata entry of a small pack is changed. */
async function writeBadPack(
  tensor: string,
  change: Change,
  metadata: Record<string, string> = {},
): Promise<void> {
  const good = await readSafetensorsHeader(path.join(root, 'v1', 'pack.safetensors'));
  const tensors: TensorSource[] = [];
  for (const [name, { dtype, shape }] of good.tensors) {
    const data = await readTensor(good, name);
    const changed = name === tensor ? change(data) : {};
    if (changed !== null) tensors.push({ name, dtype, shape, data, ...changed });
  }
  const { contentSha256: _, ...own } = Object.fromEntries(good.metadata);
  await writeSafetensors(file, { metadata: { ...own, ...metadata }, tensors });
}

const description = (changes: object) => {
  const { imageCount: _, ...rest } = smallLayout;
  return { pack: JSON.stringify({ ...rest, ...changes }) };
};

test('the pack that is not changed opens, so that each change below is what is refused', async () => {
  await writeBadPack('', gone);
  await (await Dataset.open(file)).verify();
});

const changes: [tensor: string, change: Change, metadata?: Record<string, string>][] = [
  ['', gone, { format: 'florigen.bundle' }],
  ['', gone, { formatVersion: '2' }],
  ['', gone, { formatVersion: 'one' }],
  ['', gone, { pack: '{' }],
  ['', gone, { pack: '[]' }],
  ['', gone, description({ sizes: [-8] })],
  ['', gone, description({ sizes: [9] })],
  ['', gone, description({ classes: ['only one'] })],
  ['', gone, description({ source: 'somewhere' })],
  ['images/8', gone],
  ['images/8', (data) => ({ dtype: 'I8', data })],
  ['images/8', (data) => ({ shape: [6, 64, 3], data })],
  ['image.class', gone],
  ['image.class', int32(0, 3)],
  ['image.class', int32(5, -2)],
  ['image.split', byte(2, 3)],
  ['image.split', (data) => ({ shape: [2, 3], data })],
  ['image.split', (data) => ({ shape: [5], data: data.slice(1) })],
  ['image.captionStart', int32(0, 1)],
  ['image.captionStart', int32(6, 13)],
  ['image.captionStart', int32(3, 4)],
  ['image.captionStart', int32(3, -5)],
  ['image.captionStart', int32(2, 2_000_000_000)],
  ['caption.textStart', int32(1, 0x7fffffff)],
  ['caption.textStart', int32(12, 381)],
  ['caption.textStart', int32(1, 27)],
  ['caption.text', byte(3, 0xff)],
  ['caption.held', byte(0, 2)],
  ['caption.held', (data) => ({ shape: [11], data: data.slice(1) })],
  ['image.sourceStart', int32(1, -1)],
  [
    'image.sourceStart',
    (data) => ({ shape: [6], data: Uint8Array.from([...data.slice(0, 20), ...data.slice(24)]) }),
  ],
  ['truth.attributes', gone],
  ['truth.pose', (data) => ({ dtype: 'I32', data })],
  ['truth.background', gone],
  ['truth.mask/3', gone],
];

test.each(changes.map(([tensor, change, metadata]) => [tensor, change, metadata ?? {}] as const))(
  'a pack with a changed %s is refused in a sentence (%#)',
  async (tensor, change, metadata) => {
    await writeBadPack(tensor, change, metadata);
    const opened = Dataset.open(file);
    await expect(opened).rejects.toMatchObject({ code: 'DATA' });
    await expect(opened).rejects.toThrow(/^`.+\/small\.safetensors` .+\.$/);
  },
);

test('pixels that were altered are found by verify, not by open', async () => {
  await writeSmallPack(file);
  const bytes = fs.readFileSync(file);
  bytes[4096 + 100] = bytes[4096 + 100]! ^ 1;
  fs.writeFileSync(file, bytes);
  const pack = await Dataset.open(file);
  await expect(pack.verify()).rejects.toThrow('the hashes differ');
});
