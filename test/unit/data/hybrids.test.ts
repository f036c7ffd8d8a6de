import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Dataset } from '../../../ts/data/dataset';
import { CATALOGUE } from '../../../ts/data/flowers/catalogue';
import { labelTable } from '../../../ts/data/labels';
import { EpochPlanner, type PlanOptions } from '../../../ts/data/plan';
import { type PlanSource, planSource, trainingImages } from '../../../ts/data/plan-source';
import { captionsOfSplit } from '../../../ts/evaluation/encoder/encode-captions';

// Images of no class beside those of classes: each is a class of its own wherever something trains.

const CLASSES = 5;
const HYBRIDS = 40;
const OF_CLASSES = 20;
const CAPTIONS = 2;

/** Four images of each class, the last one of the test split; then the hybrids. */
function source(change: Partial<PlanSource> = {}): PlanSource {
  const count = OF_CLASSES + HYBRIDS;
  const images = Array.from({ length: count }, (_, i) => i);
  return {
    classOf: Int32Array.from(images, (i) => (i < OF_CLASSES ? i % CLASSES : CLASSES + i)),
    namedClasses: CLASSES,
    splitOf: Uint8Array.from(images, (i) => (i < OF_CLASSES && i % CLASSES === CLASSES - 1 ? 2 : 0)),
    captionStart: Int32Array.from({ length: count + 1 }, (_, i) => i * CAPTIONS),
    captionHeld: new Uint8Array(count * CAPTIONS),
    captionKey: Int32Array.from({ length: count * CAPTIONS }, (_, c) => c),
    imageSize: 66,
    ...change,
  };
}

const options: PlanOptions = {
  seed: 5,
  batchSize: 8,
  splits: 'trainval',
  pairing: 'authors',
  mismatches: 1,
  sampling: 'balanced',
  groupSize: 1,
  captions: { choice: 'replace', count: 1 },
  crop: 'center',
  flip: 0,
  classes: true,
};
const rates = { learningRate: 1, modeSeekingWeight: 0 };
const plan = (change: Partial<PlanOptions> = {}, from = source(), stepCount = 500) =>
  new EpochPlanner(from, { ...options, ...change }).plan({ epoch: 1, stepCount, ...rates });

describe('balanced sampling', () => {
  const { classOf } = source();
  const classes = (name: string) => [...plan().columns[name]!].map((image) => classOf[image]!);

  // A mismatching image is drawn again where it falls on the row's class, which a named one of four does oftener:
  // (4/7 + 39/79) / 2 of them are hybrids.
  test.each([
    ['image', 0.5],
    ['mismatchedImage', 0.5325],
  ])('%s: half are hybrids, and each is as likely as another; so is each class', (name, due) => {
    const seen = classes(name);
    const share = (fits: (id: number) => boolean) => seen.filter(fits).length / seen.length;
    // 4,000 draws: five standard deviations of a half are 0.04, of an eighth 0.026, of an eightieth 0.009
    expect(Math.abs(share((id) => id >= CLASSES) - due)).toBeLessThan(0.04);
    for (let id = 0; id < CLASSES - 1; id++)
      expect(Math.abs(share((other) => other === id) - (1 - due) / 4)).toBeLessThan(0.026);
    for (let k = 0; k < HYBRIDS; k++)
      expect(Math.abs(share((id) => id === CLASSES + OF_CLASSES + k) - due / HYBRIDS)).toBeLessThan(0.009);
    expect(seen).not.toContain(CLASSES - 1);
  });

  test.each([
    { sampling: 'balanced', pairing: 'authors' },
    { sampling: 'shuffle', pairing: 'authors' },
    { sampling: 'balanced', pairing: 'paper', mismatches: 3 },
  ] as const)('no row is paired with its own class: %p', (change) => {
    // two hybrids and two classes, so that one's own is drawn often
    const few = source({
      splitOf: source().splitOf.map((split, i) => (i % CLASSES > 1 || i > 26 ? 2 : split)),
    });
    const { columns } = plan(change, few);
    const mismatched =
      columns.mismatchedImage ?? columns.mismatchedCaptions!.map((c) => Math.floor(c / CAPTIONS));
    const each = mismatched.length / columns.image!.length;
    for (const [k, other] of mismatched.entries())
      expect(classOf[other]).not.toBe(classOf[columns.image![Math.floor(k / each)]!]);
  });

  test('an epoch counts files, and the column `class` gives every hybrid a class of its own', () => {
    expect(new EpochPlanner(source(), options).stepsPerEpoch).toBe((16 + HYBRIDS) / 8);
    const { columns } = plan({ sampling: 'shuffle' }, source(), 7);
    expect([...columns.class!]).toEqual([...columns.image!].map((image) => classOf[image]));
    expect(new Set(columns.class).size).toBe(HYBRIDS + 4);
  });
});

describe('what trains', () => {
  test('classes with names come first and are all that is listed', () => {
    const { byClass, classIds } = trainingImages(source(), 'training');
    expect(classIds).toEqual([0, 1, 2, 3]);
    expect(byClass).toHaveLength(4 + HYBRIDS);
    expect(byClass!.slice(0, 4).map((images) => images.length)).toEqual([4, 4, 4, 4]);
    expect(byClass!.slice(4).map((images) => [...images])).toEqual(
      Array.from({ length: HYBRIDS }, (_, k) => [OF_CLASSES + k]),
    );
    expect(new EpochPlanner(source(), options).classIds).toEqual([0, 1, 2, 3]);
  });

  test('one class and hybrids are enough; hybrids alone are images without classes', () => {
    const one = source({
      splitOf: source().splitOf.map((split, i) => (i < OF_CLASSES && i % CLASSES ? 2 : split)),
    });
    expect(trainingImages(one, 'training').classIds).toEqual([0]);
    expect(() => plan({}, one)).not.toThrow();
    const alone = source({ splitOf: source().splitOf.map((_, i) => (i < OF_CLASSES ? 2 : 0)) });
    expect(trainingImages(alone, 'training')).toMatchObject({ byClass: null, classIds: [] });
  });

  test('many hybrids take no longer than images do', () => {
    const count = 50_000;
    const many: PlanSource = {
      ...source(),
      classOf: Int32Array.from({ length: count }, (_, i) => i + (i < CLASSES ? 0 : CLASSES)),
      splitOf: new Uint8Array(count),
      captionStart: Int32Array.from({ length: count + 1 }, (_, i) => i),
      captionHeld: new Uint8Array(count),
    };
    const started = performance.now();
    expect(trainingImages(many, 'training').byClass).toHaveLength(count);
    // Seen: 0.1 s. A pass over all images for each class would be 2.5 billion looks.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('a pack of species and hybrids', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-hybrids-'));
  const file = path.join(folder, 'h.safetensors');
  let dataset: Dataset;
  beforeAll(async () => {
    dataset = await Dataset.buildFlowers({ path: file, images: 102, hybrids: 9, sizes: [16], seed: 1 });
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('has class ids of hybrids above those of the species', () => {
    const { classOf, namedClasses } = planSource(dataset, 16);
    expect(namedClasses).toBe(CATALOGUE.length);
    expect([...classOf.subarray(0, 102)]).toEqual(CATALOGUE.map(({ id }) => id));
    expect([...classOf.subarray(102)]).toEqual(Array.from({ length: 9 }, (_, k) => 102 + 102 + k));
    const training = CATALOGUE.filter(({ split }) => split === 'training').map(({ id }) => id);
    expect(trainingImages(planSource(dataset, 16), 'training').classIds).toEqual(training);
  });

  test('a feature network is told the attributes of hybrids, and no class', () => {
    const { heads, labels } = labelTable(dataset, trainingImages(planSource(dataset, 16), 'training'));
    expect(heads[0]).toEqual({ name: 'class', classes: 62 });
    for (let image = 102; image < 111; image++) {
      const row = [...labels.subarray(image * heads.length, (image + 1) * heads.length)];
      expect(row[0]).toBe(-1);
      expect(row[heads.findIndex(({ name }) => name === 'petalColor')]).toBeGreaterThanOrEqual(0);
    }
  });

  test('probes of an encoder are fitted on captions of species alone', () => {
    const captions = captionsOfSplit(dataset, 'training');
    expect(captions).toHaveLength(62 * 10);
    expect(captions.some(({ classId }) => classId < 0)).toBe(false);
  });
});
