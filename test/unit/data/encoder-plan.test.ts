import { EncoderPlanner, type EncoderPlanOptions } from '../../../ts/data/encoder-plan';
import { FeaturePlanner } from '../../../ts/data/feature-plan';
import type { PlanSource } from '../../../ts/data/plan-source';

/** `images` images, two captions each; the second caption of images 0 and 1 is the same text. */
function source(images: number, classOf: (image: number) => number): PlanSource {
  const captions = Array.from({ length: images * 2 }, (_, c) => c);
  return {
    classOf: Int32Array.from({ length: images }, (_, i) => classOf(i)),
    namedClasses: images,
    splitOf: new Uint8Array(images),
    captionStart: Int32Array.from({ length: images + 1 }, (_, i) => i * 2),
    captionHeld: new Uint8Array(images * 2),
    captionKey: Int32Array.from(captions, (c) => (c === 3 ? 1 : c)),
    imageSize: 72,
  };
}
const options: EncoderPlanOptions = {
  seed: 7,
  batchSize: 40,
  splits: 'training',
  objective: 'sje',
  viewCount: 10,
  stepsPerEpoch: 0,
};

test('with fewer than 40 classes the batch is their number; an epoch has as many steps as there are classes', () => {
  const planner = new EncoderPlanner(
    source(30, (i) => i % 5),
    options,
  );
  expect([planner.batchSize, planner.stepsPerEpoch]).toEqual([5, 5]);
  const plan = planner.plan({ epoch: 1, stepCount: 5, learningRate: 0.1 });
  expect([...plan.updates.subarray(0, 6)]).toEqual([2, 0, 5, 2, 5, 5]);
  for (let step = 0; step < 5; step++) {
    const classes = [...plan.columns.image!.subarray(step * 5, step * 5 + 5)].map((image) => image % 5);
    expect(classes.sort()).toEqual([0, 1, 2, 3, 4]);
  }
  expect(new Set(plan.columns.view).size).toBeGreaterThan(5);
});

test('with more classes than rows every class comes, each about equally often', () => {
  const planner = new EncoderPlanner(
    source(100, (i) => i % 50),
    { ...options, batchSize: 10 },
  );
  const { image } = planner.plan({ epoch: 1, stepCount: 1000, learningRate: 0.1 }).columns;
  const counts = new Array<number>(50).fill(0);
  for (const row of image!) counts[row % 50]!++;
  // 200 expected, standard deviation 12.6: five of them
  expect(Math.min(...counts)).toBeGreaterThan(137);
  expect(Math.max(...counts)).toBeLessThan(263);
});

test('images which are a class of their own come to half of a batch, each class once; named classes count the steps', () => {
  // 30 images of 6 named classes, then 40 hybrids
  const withHybrids = { ...source(70, (i) => (i < 30 ? i % 6 : 70 + i)), namedClasses: 6 };
  const planner = new EncoderPlanner(withHybrids, { ...options, batchSize: 10 });
  expect([planner.batchSize, planner.stepsPerEpoch]).toEqual([10, 6]);
  const { image } = planner.plan({ epoch: 1, stepCount: 400, learningRate: 0.1 }).columns;
  const counts = new Array<number>(70).fill(0);
  for (let step = 0; step < 400; step++) {
    const rows = [...image!.subarray(step * 10, step * 10 + 10)];
    expect(new Set(rows.map((i) => (i < 30 ? i % 6 : i))).size).toBe(10);
    expect(rows.filter((i) => i >= 30)).toHaveLength(5);
    for (const row of rows) counts[row]!++;
  }
  // 50 of each hybrid expected, standard deviation 6.6: five of them
  expect(Math.min(...counts.slice(30))).toBeGreaterThan(17);
  expect(Math.max(...counts.slice(30))).toBeLessThan(83);
  const few = new EncoderPlanner(withHybrids, options);
  expect([few.batchSize, few.stepsPerEpoch]).toEqual([26, 6]);
});

test('without classes no two rows of a step share a caption', () => {
  const planner = new EncoderPlanner(
    source(12, () => -1),
    { ...options, batchSize: 8 },
  );
  const plan = planner.plan({ epoch: 1, stepCount: 200, learningRate: 0.1 });
  for (let step = 0; step < 200; step++) {
    const images = new Set(plan.columns.image!.subarray(step * 8, step * 8 + 8));
    expect(images.size).toBe(8);
    expect(images.has(0) && images.has(1)).toBe(false);
  }
});

test('where that cannot be, it is said', () => {
  const planner = new EncoderPlanner(
    source(12, () => -1),
    { ...options, batchSize: 12 },
  );
  expect(() => planner.plan({ epoch: 1, stepCount: 1, learningRate: 0.1 })).toThrow(/no two share a caption/);
});

test('a shorter epoch is the beginning of a longer one; epochs and seeds differ', () => {
  const make = (seed: number, epoch: number, stepCount: number) => {
    const planner = new EncoderPlanner(
      source(30, (i) => i % 6),
      { ...options, seed },
    );
    return [...planner.plan({ epoch, stepCount, learningRate: 0.1 }).columns.image!];
  };
  expect(make(1, 1, 3)).toEqual(make(1, 1, 6).slice(0, 18));
  expect(make(1, 1, 6)).not.toEqual(make(1, 2, 6));
  expect(make(1, 1, 6)).not.toEqual(make(2, 1, 6));
});

test('an epoch of a feature network has every image once, in random crops', () => {
  const planner = new FeaturePlanner(
    source(30, (i) => i % 5),
    { seed: 1, batchSize: 10, splits: 'training', cropSide: 64, flip: 0.5 },
  );
  const { columns } = planner.plan({ epoch: 1, stepCount: planner.stepsPerEpoch, learningRate: 0.1 });
  expect([...columns.image!].sort((a, b) => a - b)).toEqual([...Array(30).keys()]);
  for (const name of ['cropX', 'cropY'] as const) {
    expect(Math.min(...columns[name]!)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...columns[name]!)).toBeLessThanOrEqual(8);
    expect(new Set(columns[name]).size).toBeGreaterThan(4);
  }
  expect(new Set(columns.flip)).toEqual(new Set([0, 1]));
});
