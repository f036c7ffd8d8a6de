/** What the measure says of painters whose score is known, with a renderer that writes number and shape into pixels. */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Dataset } from '../../../../ts/data/dataset';
import { ATTRIBUTE_VALUES, type FlowerAttributes } from '../../../../ts/data/flowers/attributes';
import { buildFlowersPack } from '../../../../ts/data/flowers/build';
import { CATALOGUE } from '../../../../ts/data/flowers/catalogue';
import { attributeReport, attributeSummary } from '../../../../ts/evaluation/attribute-report';
import { blobPainter } from '../../../../ts/evaluation/blob-painter';
import { controlsReport } from '../../../../ts/evaluation/controls-report';
import type { HeadNetwork } from '../../../../ts/evaluation/heads/head-reader';
import { measureHeads } from '../../../../ts/evaluation/heads/measure-heads';
import { measureAttributes } from '../../../../ts/evaluation/measure-attributes';
import type { Painter } from '../../../../ts/evaluation/painter';
import { renderPainter } from '../../../../ts/evaluation/painters';
import { PaintingSession } from '../../../../ts/evaluation/painting-session';
import type { GuideProvenance } from '../../../../ts/models/provenance';

jest.mock('../../../../ts/data/flowers/render', () => ({
  REGION: { background: 0, petal: 1, center: 2, green: 3 },
  renderFlower: async (attributes: FlowerAttributes, _: unknown, size: number) => {
    const pixels = new Uint8Array(size * size * 3);
    const values = [attributes.petalCount, attributes.petalShape];
    for (let i = 0; i < pixels.length; i += 3)
      pixels.set([codes[0]!.indexOf(values[0]!), codes[1]!.indexOf(values[1]!), 0], i);
    return { pixels, mask: new Uint8Array(size * size) };
  },
}));
/** Colors are not what is tested here. */
jest.mock('../../../../ts/evaluation/reader/stored-reader', () => {
  const region = { color: 'red' };
  const read = () => ({ petal: region, center: region, innerPetal: region, outerPetal: region });
  return { checkReaderIsForeign: () => {}, restoreReader: () => ({ read }) };
});
const codes: readonly (readonly unknown[])[] = [ATTRIBUTE_VALUES.petalCount, ATTRIBUTE_VALUES.petalShape];

const trained = { florigen: '0', trainedClasses: [] as number[], catalogueVersion: null as number | null };

/** Reads the number in red and the shape in green, modulo 6. */
function network(provenance = trained): HeadNetwork {
  const heads = ['petalCount', 'petalShape'].map((name) => ({ name, classes: 6 }));
  return {
    fingerprint: 'ab'.repeat(32),
    trunk: 'cd'.repeat(32),
    network: { architecture: 'googlenet-small', inputSize: 64, heads },
    provenance,
    extract: async (images, views, { side }) => ({
      features: new Float32Array(0),
      logits: Float32Array.from({ length: views.length * 3 }, (_, i) => {
        const row = Math.floor(i / 12) * side * side * 3;
        return Number(images[row + (i % 12 < 6 ? 0 : 1)]! % 6 === i % 6);
      }),
    }),
  };
}

let folder: string;
let dataset: Dataset;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-heads-'));
  const pack = path.join(folder, 'flowers.safetensors');
  await buildFlowersPack({ path: pack, images: 204, sizes: [64], seed: 4 });
  dataset = await Dataset.open(pack);
}, 600_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const measured = (painter: Painter, attainable = false) =>
  measureHeads({
    ...{ painter, attainable, dataset, network: network(), split: 'validation', quick: false },
    session: new PaintingSession({ seed: 0 }),
  });

test('real renders of what is asked have all of it: the ceiling; in colors alone there is nothing above chance', async () => {
  const { scores, real, attainable, colorsAlone, ...rest } = await measured(renderPainter(), true);
  for (const attribute of ['petalCount', 'petalShape'] as const) {
    expect(scores[attribute].right).toMatchObject({ value: 1, trials: 480 });
    expect(scores[attribute].above.value).toBeGreaterThan(0.7);
    expect(real[attribute].value).toBe(1);
    expect(attainable![attribute]).toEqual(scores[attribute]);
    // 4 standard deviations of one shuffle of 480 at 1 of 4 are 8 points.
    expect(Math.abs(colorsAlone![attribute].above.value)).toBeLessThan(0.08);
  }
  expect(rest).toMatchObject({ captions: 480, species: 20, shuffles: 20 });
});

test('a painter that ignores the number and the shape has nothing above shuffled captions', async () => {
  const same: Painter = {
    name: 'always the same',
    paint: async (requests) =>
      requests.map(() => ({ rgb: Uint8Array.from({ length: 12288 }, (_, i) => i % 3), side: 64 })),
  };
  const { scores, attainable, colorsAlone } = await measured(same);
  expect([attainable, colorsAlone]).toEqual([null, null]);
  for (const { right, above } of Object.values(scores)) {
    expect(above.value).toBeCloseTo(0, 12);
    expect(right.value).toBeGreaterThan(0);
  }
});

describe('as a part of the attributes', () => {
  const common = () => ({
    dataset,
    split: 'validation' as const,
    quick: true,
    painter: blobPainter('two discs'),
  });

  test('the bar, the reports and the summary have it', async () => {
    const result = await measureAttributes({ ...common(), features: network() });
    expect(result.heads).toMatchObject({ captions: 160, network: { trainedClasses: 0 } });
    const { petalCount, petalShape } = result.heads!.scores;
    expect(result.bars.numberOrShape).toMatchObject({
      bar: 0.2,
      figure: Math.max(petalCount.above.value, petalShape.above.value),
      verdict: 'failed',
    });
    const report = attributeReport(result, { title: 'T', facts: [] });
    for (const text of [
      'at least 20.0 points',
      '## Number and shape of petals',
      'above shuffled |',
      'trained without classes',
      '| notched |',
      'averaged over 20 shuffles',
    ])
      expect(report).toContain(text);
    expect(report).not.toContain('read from colors');
    const heads = { ...result.heads!, colorsAlone: result.heads!.scores };
    expect(attributeReport({ ...result, heads }, { title: 'T', facts: [] })).toContain('read from colors');
    expect(attributeSummary(result)).toMatch(/number or shape of petals, above shuffled +-?\d+\.\d points/);
    expect(controlsReport([result], [])).toContain('Discs have neither');
  }, 600_000);

  test('a network that has seen species of the split is refused before anything is painted, by name', async () => {
    const { id, name } = CATALOGUE.find(({ split }) => split === 'validation')!;
    const catalogueVersion = dataset.metadata.generator!.catalogueVersion!;
    const features = network({ ...trained, trainedClasses: [id], catalogueVersion });
    const painter: Painter = { name: 'none', paint: () => Promise.reject(new Error('painted')) };
    await expect(measureAttributes({ ...common(), painter, features })).rejects.toMatchObject({
      code: 'DATA',
      message: `The network of \`features\` must not have been trained on classes of the validation split, but has seen 1 of them (${name}).`,
    });
  });

  test('so is the network that guided the painter, and a painter whose guide has seen species of the split', async () => {
    const measure = (guide: GuideProvenance) =>
      measureAttributes({ ...common(), features: network(), guide, signal: AbortSignal.abort() });
    await expect(measure({ fingerprint: network().trunk })).rejects.toMatchObject({
      code: 'DATA',
      message: expect.stringContaining('another one than that which guided the model'),
    });
    const { id } = CATALOGUE.find(({ split }) => split === 'validation')!;
    const { catalogueVersion } = dataset.metadata.generator!;
    const seen = { fingerprint: 'another', trainedClasses: [id], catalogueVersion };
    await expect(measure(seen)).rejects.toThrow(/^The guide of the model must not have been trained/);
    await expect(measure({ fingerprint: 'another' })).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('so is one without the heads', async () => {
    const none = { ...network(), network: { ...network().network, heads: [] } };
    await expect(measureAttributes({ ...common(), features: none })).rejects.toThrow(/`features` must be/);
  });
});
