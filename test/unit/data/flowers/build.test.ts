import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Dataset } from '../../../../ts/data/dataset';
import { attributeIndices } from '../../../../ts/data/flowers/attributes';
import { type BuildFlowersOptions, buildFlowersPack } from '../../../../ts/data/flowers/build';
import { attributesOf, CATALOGUE } from '../../../../ts/data/flowers/catalogue';
import { renderFlower } from '../../../../ts/data/flowers/render';
import { drawVariation, poseRow } from '../../../../ts/data/flowers/variation';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flowers-'));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);
const build = (name: string, options: Partial<BuildFlowersOptions> = {}) =>
  buildFlowersPack({ path: at(name), images: 110, sizes: [24], seed: 3, ...options });

test('a pack of flowers holds pictures, captions, splits and the truth', async () => {
  const seen: number[] = [];
  await build('whole', { onProgress: ({ done, total }) => seen.push(done / total) });
  expect(seen.length).toBe(110);
  expect(seen.at(-1)).toBe(1);
  const pack = await Dataset.open(at('whole'));
  expect(pack.imageCount).toBe(110);
  expect(pack.captionCount).toBe(1100);
  expect(pack.classNames).toEqual(CATALOGUE.map(({ name }) => name));
  for (let i = 0; i < pack.imageCount; i++) {
    const species = CATALOGUE[pack.classOf(i)]!;
    expect(pack.split(i)).toBe(species.split);
    expect([...pack.truth!.attributes(i)]).toEqual([
      species.id,
      ...attributeIndices(attributesOf(species.id)),
    ]);
    expect(pack.truth!.pose(i)).toEqual(Float32Array.from(poseRow(drawVariation(3, i))));
    const held = pack.captionsOf(i).filter((caption) => caption.held).length;
    expect(held).toBe(species.split === 'training' ? 0 : 2);
  }
  const drawn = await renderFlower(attributesOf(pack.classOf(57)), drawVariation(3, 57), 24);
  expect(Buffer.from(await pack.image(57, 24))).toEqual(Buffer.from(drawn.pixels));
  expect(Buffer.from(await pack.truth!.mask(57, 24))).toEqual(Buffer.from(drawn.mask));
  expect([...pack.truth!.background(57)]).toEqual(drawVariation(3, 57).scene.base);
});

test('the same seed gives the same file, another seed another', async () => {
  await build('one');
  await build('two');
  await build('other', { seed: 4 });
  const [one, two, other] = await Promise.all(['one', 'two', 'other'].map((name) => readFile(at(name))));
  expect(one!.equals(two!)).toBe(true);
  expect(one!.equals(other!)).toBe(false);
});

test('stopping leaves nothing behind', async () => {
  const before = await readdir(folder);
  const controller = new AbortController();
  const stopped = build('stopped', {
    signal: controller.signal,
    onProgress: ({ done }) => done === 20 && controller.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
  expect(await readdir(folder)).toEqual(before);
});

test('wrong options are refused before anything is written', async () => {
  const before = await readdir(folder);
  await expect(build('x', { images: 12 })).rejects.toThrow('`images` must be an integer of at least 102');
  await expect(build('x', { sizes: [] })).rejects.toThrow('`sizes` must be a list of at least one size');
  await expect(build('x', { sizes: [7.5] })).rejects.toThrow('`sizes` must be integers from 16 to 1024');
  await expect(build('x', { seed: -1 })).rejects.toThrow('`seed` must be an integer from 0 to 4294967295');
  await expect(build('x', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  expect(await readdir(folder)).toEqual(before);
});
