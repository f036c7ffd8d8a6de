import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Dataset } from '../../../ts/data/dataset';
import { buildFlowersPack } from '../../../ts/data/flowers/build';
import { CATALOGUE, CATALOGUE_VERSION } from '../../../ts/data/flowers/catalogue';
import { PackWriter } from '../../../ts/data/pack-writer';
import { attributeReport } from '../../../ts/evaluation/attribute-report';
import type { AttributeResult } from '../../../ts/evaluation/attribute-result';
import { blobPainter } from '../../../ts/evaluation/blob-painter';
import { measureAttributes } from '../../../ts/evaluation/measure-attributes';
import type { Painter } from '../../../ts/evaluation/painter';
import { renderPainter } from '../../../ts/evaluation/painters';
import { HashedNgramEncoder } from '../../../ts/models/hashed-ngrams';
import { smallImage, smallLayout } from '../../support/small-pack';

let folder: string;
let dataset: Dataset;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-measure-'));
  const pack = path.join(folder, 'flowers.safetensors');
  await buildFlowersPack({ path: pack, images: 306, sizes: [76], seed: 4 });
  dataset = await Dataset.open(pack);
}, 600_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('what the measure says of painters whose score is known', () => {
  let renders: AttributeResult;
  let blobs: AttributeResult;
  beforeAll(async () => {
    const common = { dataset, split: 'validation', quick: true } as const;
    renders = await measureAttributes({ ...common, painter: renderPainter() });
    blobs = await measureAttributes({ ...common, painter: blobPainter('one disc') });
  }, 600_000);

  test('real renders of what is asked pass: that is the attainable maximum', () => {
    // As many as the reader's own bar allows to be wrong.
    expect(renders.all.scores.both.value).toBeGreaterThanOrEqual(0.98);
    expect(renders.twins.pairs.bothRight.value).toBeGreaterThanOrEqual(0.96);
    expect(renders.all.captions).toBe(240);
    // The same two random draws on both sides; a picture differs from another of its species by 1 on average.
    expect(renders.diversity.ratio).toBeGreaterThan(0.85);
    expect(renders.diversity.ratio).toBeLessThan(1.15);
    expect(renders.bars).toMatchObject({ petal: { verdict: 'passed' }, center: { verdict: 'passed' } });
  });

  test('against shuffled captions they fall to chance', () => {
    // One of eight colors; 4 standard deviations of 240 draws are 8.5 points.
    for (const { value } of [renders.shuffled.scores.petal, renders.shuffled.scores.center]) {
      expect(value).toBeLessThan(0.125 + 0.085);
    }
    expect(renders.shuffled.scores.both.value).toBeLessThan(0.125);
  });

  test('discs of the petal color have petals and no center', () => {
    expect(blobs.all.scores.petal.value).toBeGreaterThanOrEqual(0.98);
    expect(blobs.all.scores.center.value).toBeLessThanOrEqual(0.02);
    expect(blobs.bars.center.verdict).toBe('failed');
    expect(blobs.passed).toBe(false);
  });

  test('the report names every bar, figure and count', () => {
    const report = attributeReport(blobs, { title: 'Blobs', facts: ['a fact'] });
    for (const text of [
      'at least 95.0 %',
      'at least 80.0 %',
      'at least 98.0 %',
      'at least 0.50',
      'a fact',
      'failed',
    ]) {
      expect(report).toContain(text);
    }
    expect(report).toContain('not a final figure');
    // Without a feature network nothing is said of number and shape.
    expect([blobs.heads, blobs.bars.numberOrShape, blobs.formatVersion]).toEqual([null, undefined, 3]);
    expect(report).not.toContain('umber and shape');
  });
});

describe('what it refuses', () => {
  const painter = blobPainter('one disc');

  test('a model that was trained on classes of the split, by name', async () => {
    const id = CATALOGUE.findIndex(({ split }) => split === 'validation');
    const options = { painter, dataset, split: 'validation', trainedClasses: [0, id] } as const;
    await expect(measureAttributes(options)).rejects.toMatchObject({
      code: 'DATA',
      message: expect.stringContaining(`class ${id} of the validation split`),
    });
  });

  test('a text encoder that has seen species of the split, before anything is painted, by name', async () => {
    const { id, name } = CATALOGUE.find(({ split }) => split === 'validation')!;
    const provenance = { trainedClasses: [0, id], catalogueVersion: CATALOGUE_VERSION };
    const encoder = Object.assign(new HashedNgramEncoder(), { provenance });
    const none: Painter = { name: 'none', paint: () => Promise.reject(new Error('painted')) };
    const options = { painter: none, dataset, split: 'validation', encoder } as const;
    await expect(measureAttributes(options)).rejects.toMatchObject({
      code: 'DATA',
      message: `The text encoder must not have been trained on classes of the validation split, but has seen 1 of them (${name}).`,
    });
  });

  test('a pack of other pictures', async () => {
    const pack = path.join(folder, 'small.safetensors');
    const writer = await PackWriter.create(pack, { ...smallLayout, source: 'folder' });
    for (let i = 0; i < smallLayout.imageCount; i++) await writer.addImage(i, smallImage(i));
    await writer.finish();
    const options = { painter, dataset: await Dataset.open(pack), split: 'validation' } as const;
    await expect(measureAttributes(options)).rejects.toMatchObject({
      code: 'DATA',
      message: expect.stringContaining('must be a pack of built-in flowers'),
    });
  });

  test('nothing, but stops when told to', async () => {
    const options = { painter, dataset, split: 'validation', signal: AbortSignal.abort() } as const;
    await expect(measureAttributes(options)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
