import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Dataset } from '../../../../ts/data/dataset';
import { ATTRIBUTE_VALUES, attributeIndices } from '../../../../ts/data/flowers/attributes';
import { type BuildFlowersOptions, buildFlowersPack } from '../../../../ts/data/flowers/build';
import { attributesOf, CATALOGUE } from '../../../../ts/data/flowers/catalogue';
import { MIXED_ROWS, mixedFlower } from '../../../../ts/data/flowers/mixed';
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

describe('mixed flowers', () => {
  const drawn = Array.from({ length: 4000 }, (_, i) => mixedFlower(1, i));

  test('are of no class, all for training, in words of training', async () => {
    await build('mixed', { mixed: true, images: 40 });
    const pack = await Dataset.open(at('mixed'));
    expect(pack.classNames).toBeNull();
    expect(pack.metadata.zeroShot).toBe(false);
    expect(pack.imagesOf('training')).toHaveLength(40);
    for (let i = 0; i < 40; i++) {
      expect([...pack.truth!.attributes(i)]).toEqual([-1, ...attributeIndices(mixedFlower(3, i))]);
      expect(pack.captionsOf(i).some(({ held }) => held)).toBe(false);
    }
    // another pose than the picture of the same number among the species
    expect(pack.truth!.pose(0)).not.toEqual(Float32Array.from(poseRow(drawVariation(3, 0))));
  });

  test('are never like a held-out species', () => {
    const held = CATALOGUE.filter(({ split }) => split !== 'training');
    const like = drawn.filter((one) =>
      held.some(({ attributes: other }) =>
        (['petalColor', 'centerColor', 'petalCount', 'petalShape'] as const).every(
          (name) => one[name] === other[name],
        ),
      ),
    );
    expect(like).toEqual([]);
    expect(drawn.some(({ petalColor, centerColor }) => petalColor === centerColor)).toBe(false);
  });

  test('tell one attribute nothing of another: every two values meet as often as chance has it', () => {
    const names = ['petalCount', 'petalShape', 'petalEdge', 'layers', 'centerSize', 'stamens'] as const;
    for (const [i, one] of names.entries())
      for (const other of names.slice(i + 1)) {
        const pairs = new Map<string, number>();
        for (const flower of drawn) {
          const key = `${flower[one]} ${flower[other]}`;
          pairs.set(key, (pairs.get(key) ?? 0) + 1);
        }
        const expected = 4000 / (ATTRIBUTE_VALUES[one].length * ATTRIBUTE_VALUES[other].length);
        expect(pairs.size).toBe(4000 / expected);
        for (const count of pairs.values())
          expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected));
      }
  });

  test('a number of them that is none is refused', async () => {
    await expect(build('x', { mixed: true, images: 0 })).rejects.toThrow(
      '`images` must be an integer from 1 to 1000000',
    );
  });
});

describe('hybrids', () => {
  const species = 110;
  const hybrids = 30;

  test('leave the pictures, captions and sources of the species as they are without, byte for byte', async () => {
    await Promise.all([build('plain'), build('with', { hybrids })]);
    const [plain, both] = await Promise.all([Dataset.open(at('plain')), Dataset.open(at('with'))]);
    expect(both.imageCount).toBe(species + hybrids);
    for (let i = 0; i < species; i++) {
      expect(Buffer.from(await both.image(i, 24)).equals(await plain.image(i, 24))).toBe(true);
      expect(Buffer.from(await both.truth!.mask(i, 24)).equals(await plain.truth!.mask(i, 24))).toBe(true);
      expect(tablesOf(both, i)).toEqual(tablesOf(plain, i));
    }
  });

  test('are of no class, all for training, drawn as mixed flowers are', async () => {
    const seen: { done: number; total: number }[] = [];
    await build('beside', { hybrids, onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ done: species + hybrids, total: species + hybrids });
    const pack = await Dataset.open(at('beside'));
    expect(pack.classNames).toHaveLength(CATALOGUE.length);
    expect(pack.metadata).toMatchObject({
      name: 'built-in flowers, seed 3, with 30 hybrids',
      zeroShot: true,
      generator: { seed: 3, hybrids },
    });
    for (let index = 0; index < hybrids; index++) {
      const image = species + index;
      expect([pack.classOf(image), pack.split(image)]).toEqual([-1, 'training']);
      expect([...pack.truth!.attributes(image)]).toEqual([-1, ...attributeIndices(mixedFlower(3, index))]);
      expect(pack.truth!.pose(image)).toEqual(
        Float32Array.from(poseRow(drawVariation(3, MIXED_ROWS + index))),
      );
      expect(pack.sourceOf(image).path).toMatch(new RegExp(`/seed-3/hybrids/${image}$`));
      expect(pack.captionsOf(image).some(({ held }) => held)).toBe(false);
    }
  });

  test('none of them is a pack as it was, to the last bit', async () => {
    await Promise.all([build('unsaid'), build('none', { hybrids: 0 })]);
    const [unsaid, none] = await Promise.all([readFile(at('unsaid')), readFile(at('none'))]);
    expect(none.equals(unsaid)).toBe(true);
    expect((await Dataset.open(at('none'))).metadata.generator).toEqual({ catalogueVersion: 2, seed: 3 });
  });

  test('a number of them that is none, and any beside mixed flowers, are refused', async () => {
    for (const wrong of [-1, 2.5, 1_000_001])
      await expect(build('x', { hybrids: wrong })).rejects.toThrow(
        '`hybrids` must be an integer from 0 to 1000000',
      );
    await expect(build('x', { hybrids: 4, mixed: true })).rejects.toThrow(
      '`hybrids` must be 0 with `mixed`, but is 4 instead: hybrids stand beside species, and such a pack has none',
    );
  });

  const tablesOf = (pack: Dataset, i: number) => ({
    classId: pack.classOf(i),
    split: pack.split(i),
    captions: pack.captionsOf(i),
    source: pack.sourceOf(i),
    attributes: pack.truth!.attributes(i),
    background: pack.truth!.background(i),
    pose: pack.truth!.pose(i),
  });
});
