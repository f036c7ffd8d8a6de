import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32c } from '../../ts/formats/crc32c';
import { EventWriter, truncateEvents } from '../../ts/formats/tfevents';

const golden = fs.readFileSync(path.join(__dirname, 'fixtures', 'golden.tfevents'));

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-events-'));
  file = path.join(folder, 'events.out.tfevents');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Writes what `make_fixtures.py` wrote with TensorBoard's own classes, up to a step. */
async function write(writer: EventWriter, steps: readonly number[]): Promise<void> {
  const start = 1_700_000_000.5;
  if (steps.includes(1)) {
    await writer.scalars(1, { 'loss/discriminator': 0.75, 'loss/generator': 1.5 }, start + 1);
  }
  if (steps.includes(300)) {
    await writer.scalars(300, { 'loss/discriminator': 0.5, 'loss/generator': 1e-7 }, start + 300);
    const png = Buffer.from('89504e470d0a1a0a', 'hex');
    await writer.image(300, 'samples', { png, width: 260, height: 130 }, start + 998.5);
  }
  await writer.close();
}

const open = () => EventWriter.open(file, { wallTime: 1_700_000_000.5 });

test("gives the bytes of TensorBoard's own writer", async () => {
  await write(await open(), [1, 300]);
  expect(fs.readFileSync(file)).toEqual(golden);
});

test('CRC-32C agrees with RFC 3720, appendix B.4', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('cut back to a step and written on, it is the file that was never cut', async () => {
  await write(await open(), [1, 300]);
  await truncateEvents(file, 299);
  expect(fs.statSync(file).size).toBeLessThan(golden.length);
  await write(await open(), [300]);
  expect(fs.readFileSync(file)).toEqual(golden);
  await truncateEvents(file, 300);
  expect(fs.readFileSync(file)).toEqual(golden);
  await truncateEvents(file, 0);
  await write(await open(), [1, 300]);
  expect(fs.readFileSync(file)).toEqual(golden);
});

test('a file torn at any byte is cut to whole events and goes on', async () => {
  const ends = new Set([40, ...recordEnds()]);
  for (let size = 41; size < golden.length; size += 3) {
    fs.writeFileSync(file, golden.subarray(0, size));
    await truncateEvents(file, Number.MAX_SAFE_INTEGER);
    const left = fs.readFileSync(file);
    expect(ends).toContain(left.length);
    expect(left).toEqual(golden.subarray(0, left.length));
    expect(size - left.length).toBeLessThan(150);
  }
  fs.writeFileSync(file, golden.subarray(0, 17));
  await write(await open(), [1, 300]);
  expect(fs.readFileSync(file)).toEqual(golden);
});

function recordEnds(): number[] {
  const ends: number[] = [];
  for (let at = 0; at < golden.length; ends.push(at)) at += 16 + Number(golden.readBigUInt64LE(at));
  return ends;
}

test('an altered event and what follows it is cut off', async () => {
  const [first = 0, second = 0] = recordEnds();
  const bad = Buffer.from(golden);
  bad[first + 30] = bad[first + 30]! ^ 1;
  fs.writeFileSync(file, bad);
  await truncateEvents(file, 1000);
  expect(fs.statSync(file).size).toBe(first);
  expect(second).toBeGreaterThan(first);
});

test('a foreign file is refused and left as it is; a missing one stays missing', async () => {
  const text = 'my diary, which is not to be cut back to nothing at all'.repeat(9);
  fs.writeFileSync(file, text);
  await expect(open()).rejects.toMatchObject({ code: 'DATA' });
  await expect(truncateEvents(file, 3)).rejects.toMatchObject({ code: 'DATA' });
  expect(fs.readFileSync(file, 'utf8')).toBe(text);
  await truncateEvents(path.join(folder, 'none'), 3);
  expect(fs.readdirSync(folder)).toEqual(['events.out.tfevents']);
});

test('numbers of any size come through a step and a scalar', async () => {
  const writer = await open();
  for (const step of [0, 127, 128, 2 ** 31, 2 ** 40]) await writer.scalars(step, { a: Number.NaN }, 1);
  await writer.close();
  await truncateEvents(file, 2 ** 31);
  const size = fs.statSync(file).size;
  await truncateEvents(file, 2 ** 31 - 1);
  expect(fs.statSync(file).size).toBeLessThan(size);
});
