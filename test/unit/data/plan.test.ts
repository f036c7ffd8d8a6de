import { EpochPlanner, type PlanOptions } from '../../../ts/data/plan';
import type { PlanSource } from '../../../ts/data/plan-source';
import type { NativePlan } from '../../../ts/native/addon';

const CLASSES = 6;
const CAPTIONS = 5;

/** Images of `CLASSES` classes (class k has k + 3), five captions each, of which the last is held. */
function flowers(change: Partial<PlanSource> = {}): PlanSource {
  const classOf = Array.from({ length: CLASSES }, (_, k) => Array<number>(k + 3).fill(k)).flat();
  const captionCount = classOf.length * CAPTIONS;
  return {
    classOf: Int32Array.from(classOf),
    namedClasses: CLASSES,
    splitOf: Uint8Array.from(classOf, (k) => (k < 4 ? 0 : k - 3)),
    captionStart: Int32Array.from({ length: classOf.length + 1 }, (_, i) => i * CAPTIONS),
    captionHeld: Uint8Array.from({ length: captionCount }, (_, c) => (c % CAPTIONS === CAPTIONS - 1 ? 1 : 0)),
    captionKey: Int32Array.from({ length: captionCount }, (_, c) => c),
    imageSize: 76,
    ...change,
  };
}

const authors: PlanOptions = {
  seed: 1,
  batchSize: 4,
  splits: 'trainval',
  pairing: 'authors',
  mismatches: 1,
  sampling: 'balanced',
  groupSize: 1,
  captions: { choice: 'replace', count: 4 },
  crop: 'authors',
  flip: 0.5,
  classes: false,
};

const rate = { learningRate: 2e-4, modeSeekingWeight: 0 };
function plan(
  options: Partial<PlanOptions> = {},
  stepCount = 500,
  source = flowers(),
  epoch = 1,
): NativePlan {
  return new EpochPlanner(source, { ...authors, ...options }).plan({ epoch, stepCount, ...rate });
}
const column = (p: NativePlan, name: string) => [...p.columns[name]!];
const rowsOf = (p: NativePlan, name: string) =>
  Array.from({ length: p.columns[name]!.length / p.captionsPerImage }, (_, i) => [
    ...p.columns[name]!.subarray(i * p.captionsPerImage, (i + 1) * p.captionsPerImage),
  ]);
const frequencies = (values: number[]) => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1 / values.length);
  return counts;
};
const imageOfCaption = (caption: number) => Math.floor(caption / CAPTIONS);

describe('columns', () => {
  test('pairing authors: a mismatching image with a view of its own', () => {
    expect(Object.keys(plan({}, 2).columns).sort()).toEqual(
      [
        'captions',
        'cropX',
        'cropY',
        'flip',
        'image',
        'mismatchedCropX',
        'mismatchedCropY',
        'mismatchedFlip',
        'mismatchedImage',
      ].sort(),
    );
  });
  test('pairing paper: mismatching captions', () => {
    expect(Object.keys(plan({ pairing: 'paper' }, 2).columns).sort()).toEqual(
      ['captions', 'cropX', 'cropY', 'flip', 'image', 'mismatchedCaptions'].sort(),
    );
  });
  test.each(['authors', 'paper'] as const)('pairing %s with classes: that of each row’s image', (pairing) => {
    const source = flowers();
    const [without, p] = [plan({ pairing }, 50), plan({ pairing, classes: true }, 50)];
    expect(column(p, 'class')).toEqual(column(p, 'image').map((image) => source.classOf[image]));
    expect(new Set(column(p, 'class')).size).toBe(5);
    const { class: _, ...others } = p.columns;
    expect({ ...p, columns: others }).toEqual(without);
  });
  test('a step is a discriminator and a generator update over the same rows', () => {
    const p = plan({}, 3);
    expect([...p.updates]).toEqual([0, 0, 4, 1, 0, 4, 0, 4, 4, 1, 4, 4, 0, 8, 4, 1, 8, 4]);
    expect([...p.stepStart]).toEqual([0, 2, 4, 6]);
    expect(p).toMatchObject({ version: 2, rowCount: 12, captionsPerImage: 4, values: rate });
  });
});

describe('sampling as the authors', () => {
  test('every class is as likely, however many images it has; images of the test split never occur', () => {
    const source = flowers();
    for (const name of ['image', 'mismatchedImage']) {
      const seen = frequencies(column(plan(), name).map((i) => source.classOf[i]!));
      expect([...seen.keys()].sort()).toEqual([0, 1, 2, 3, 4]);
      // 2,000 draws: five standard deviations of a fifth are 0.045
      for (const share of seen.values()) expect(Math.abs(share - 0.2)).toBeLessThan(0.045);
    }
  });
  test('splits `training` leaves the validation classes out', () => {
    const source = flowers();
    const seen = new Set(column(plan({ splits: 'training' }), 'image').map((i) => source.classOf[i]!));
    expect([...seen].sort()).toEqual([0, 1, 2, 3]);
  });
  test('images repeat within an epoch: with replacement', () => {
    const images = column(plan({}, 6), 'image');
    expect(new Set(images).size).toBeLessThan(images.length);
  });
  test('the mismatching image is always of another class', () => {
    const { classOf } = flowers();
    const p = plan();
    const mismatched = column(p, 'mismatchedImage');
    column(p, 'image').forEach((image, row) => {
      expect(classOf[image]).not.toBe(classOf[mismatched[row]!]);
    });
  });
  test('an epoch is ceil(files / batch) steps, files without a usable caption included', () => {
    expect(new EpochPlanner(flowers(), authors).stepsPerEpoch).toBe(Math.ceil(25 / 4));
    const held = flowers();
    held.captionHeld.fill(1, 0, CAPTIONS);
    const planner = new EpochPlanner(held, authors);
    expect([planner.stepsPerEpoch, planner.imageCount]).toEqual([7, 24]);
    expect(planner.classIds).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('sampling by shuffling', () => {
  const shuffle = { sampling: 'shuffle' } as const;
  test('every image once, and the last step filled from the beginning', () => {
    const images = column(plan(shuffle, 7), 'image');
    expect(images.slice(0, 25).sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => i));
    expect(images.slice(25)).toEqual(images.slice(0, 3));
  });
  test('another order each epoch', () => {
    expect(column(plan(shuffle, 6, flowers(), 2), 'image')).not.toEqual(column(plan(shuffle, 6), 'image'));
  });
  test('the mismatching image is of another class', () => {
    const { classOf } = flowers();
    const p = plan(shuffle, 7);
    const mismatched = column(p, 'mismatchedImage');
    column(p, 'image').forEach((image, row) => {
      expect(classOf[image]).not.toBe(classOf[mismatched[row]!]);
    });
  });
  test('images without a usable caption are left out of the count of steps', () => {
    const held = flowers();
    held.captionHeld.fill(1, 0, CAPTIONS);
    expect(new EpochPlanner(held, { ...authors, ...shuffle }).stepsPerEpoch).toBe(6);
  });
});

describe('without classes', () => {
  const bare = () => flowers({ classOf: new Int32Array(33).fill(-1), splitOf: new Uint8Array(33) });
  test.each(['balanced', 'shuffle'] as const)('%s: a mismatching image shares no caption', (sampling) => {
    const source = bare();
    // three groups of eleven images with one caption in common
    for (let i = 0; i < 33; i++) source.captionKey[i * CAPTIONS + 2] = 10_000 + (i % 3);
    const p = plan({ sampling }, 50, source);
    const mismatched = column(p, 'mismatchedImage');
    column(p, 'image').forEach((image, row) => {
      expect(image % 3).not.toBe(mismatched[row]! % 3);
    });
  });
  test('a single fitting image is found', () => {
    const source = bare();
    for (let i = 0; i < 32; i++) source.captionKey[i * CAPTIONS] = 10_000;
    const p = plan({ sampling: 'shuffle' }, 8, source);
    const mismatched = column(p, 'mismatchedImage');
    column(p, 'image').forEach((image, row) => {
      if (image !== 32) expect(mismatched[row]).toBe(32);
    });
  });
  test('a caption that all images carry is a data error', () => {
    const source = bare();
    for (let i = 0; i < 33; i++) source.captionKey[i * CAPTIONS] = 10_000;
    expect(() => plan({}, 1, source)).toThrow(expect.objectContaining({ code: 'DATA' }));
  });
  test('each image is a class of its own, also where all are of one', () => {
    for (const classOf of [bare().classOf, new Int32Array(33)]) {
      const p = plan({ classes: true }, 20, flowers({ classOf, splitOf: new Uint8Array(33) }));
      expect(column(p, 'class')).toEqual(column(p, 'image'));
      expect(new Set(column(p, 'class')).size).toBeGreaterThan(20);
    }
  });
  test('one class alone is no class', () => {
    const source = flowers({ classOf: new Int32Array(33), splitOf: new Uint8Array(33) });
    expect(new EpochPlanner(source, authors).classIds).toEqual([]);
    expect(() => plan({}, 2, source)).not.toThrow();
  });
});

describe('captions', () => {
  test.each(['authors', 'paper'] as const)(
    'pairing %s: captions of the row’s image, never a held one',
    (pairing) => {
      const source = flowers();
      for (const choice of ['replace', 'distinct', 'random-count', 'chosen-once'] as const) {
        const p = plan({ pairing, captions: { choice, count: 4 } }, 100);
        const images = column(p, 'image');
        rowsOf(p, 'captions').forEach((captions, row) => {
          for (const c of captions.filter((c) => c >= 0)) {
            expect(imageOfCaption(c)).toBe(images[row]);
            expect(source.captionHeld[c]).toBe(0);
          }
        });
      }
    },
  );
  test('paper: mismatching captions are of another class', () => {
    const { classOf } = flowers();
    const p = plan({ pairing: 'paper' }, 100);
    const images = column(p, 'image');
    rowsOf(p, 'mismatchedCaptions').forEach((captions, row) => {
      const others = new Set(captions.filter((c) => c >= 0).map(imageOfCaption));
      expect(others.size).toBe(1);
      expect(classOf[[...others][0]!]).not.toBe(classOf[images[row]!]);
    });
  });
  test('paper with several mismatches: each a list of its own, every one of another class', () => {
    const { classOf } = flowers();
    const p = plan({ pairing: 'paper', mismatches: 3 }, 100);
    const images = column(p, 'image');
    const lists = rowsOf(p, 'mismatchedCaptions');
    expect(lists).toHaveLength(3 * images.length);
    const imagesOf = lists.map((captions) => imageOfCaption(captions[0]!));
    lists.forEach((captions, list) => {
      expect(new Set(captions.map(imageOfCaption)).size).toBe(1);
      expect(classOf[imagesOf[list]!]).not.toBe(classOf[images[Math.floor(list / 3)]!]);
    });
    const again = imagesOf.filter((image, list) => list % 3 > 0 && image === imagesOf[list - 1]);
    expect(again.length).toBeLessThan(lists.length / 10);
  });
  test('several mismatches leave everything else of a plan as it is with one', () => {
    const one = plan({ pairing: 'paper' }, 20);
    const three = plan({ pairing: 'paper', mismatches: 3 }, 20);
    for (const name of ['image', 'cropX', 'cropY', 'flip', 'captions'])
      expect(column(three, name)).toEqual(column(one, name));
    const first = rowsOf(three, 'mismatchedCaptions').filter((_, list) => list % 3 === 0);
    expect(first).toEqual(rowsOf(one, 'mismatchedCaptions'));
  });
  test('replace: always the full count, with repeats', () => {
    const rows = rowsOf(plan(), 'captions');
    expect(rows.every((captions) => captions.every((c) => c >= 0))).toBe(true);
    expect(rows.some((captions) => new Set(captions).size < captions.length)).toBe(true);
  });
  test('distinct: no repeats; -1 where an image has too few', () => {
    const rows = rowsOf(plan({ captions: { choice: 'distinct', count: 6 } }), 'captions');
    for (const captions of rows) {
      expect(new Set(captions.slice(0, 4)).size).toBe(4);
      expect(captions.slice(4)).toEqual([-1, -1]);
    }
  });
  test('random-count: 1 to 4 different ones, each number as likely', () => {
    const rows = rowsOf(plan({ captions: { choice: 'random-count', count: 4 } }), 'captions');
    const counts = rows.map((captions) => new Set(captions.filter((c) => c >= 0)).size);
    expect(counts).toEqual(rows.map((captions) => captions.filter((c) => c >= 0).length));
    const seen = frequencies(counts);
    for (const n of [1, 2, 3, 4]) expect(Math.abs(seen.get(n)! - 0.25)).toBeLessThan(0.05);
  });
  test('chosen-once: one a step, from the same few in every epoch', () => {
    const options = { captions: { choice: 'chosen-once', count: 2 }, sampling: 'shuffle' } as const;
    const seen = new Map<number, Set<number>>();
    for (let epoch = 1; epoch <= 30; epoch++) {
      const p = plan(options, 7, flowers(), epoch);
      expect(p.captionsPerImage).toBe(1);
      rowsOf(p, 'captions').forEach(([caption], row) => {
        const image = column(p, 'image')[row]!;
        seen.set(image, (seen.get(image) ?? new Set()).add(caption!));
      });
    }
    expect([...seen.values()].map((captions) => captions.size)).toEqual(Array(25).fill(2));
  });
});

describe('crop and flip', () => {
  test('authors: offsets from 1 to 12, all of them, for both images apart', () => {
    const p = plan({}, 1000);
    for (const name of ['cropX', 'cropY', 'mismatchedCropX', 'mismatchedCropY'])
      expect([...new Set(column(p, name))].sort((a, b) => a - b)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
      ]);
    expect(column(p, 'cropX')).not.toEqual(column(p, 'cropY'));
    expect(column(p, 'cropX')).not.toEqual(column(p, 'mismatchedCropX'));
  });
  test('uniform: from 0; center: the middle; no margin: 0', () => {
    expect([...new Set(column(plan({ crop: 'uniform' }), 'cropX'))].sort((a, b) => a - b)).toHaveLength(13);
    expect(new Set(column(plan({ crop: 'center' }), 'cropY'))).toEqual(new Set([6]));
    expect(new Set(column(plan({}, 10, flowers({ imageSize: 64 })), 'cropX'))).toEqual(new Set([0]));
  });
  test('flip has its probability', () => {
    const share = (flip: number) => frequencies(column(plan({ flip }), 'flip')).get(1) ?? 0;
    expect(share(0)).toBe(0);
    expect(share(1)).toBeCloseTo(1, 9);
    expect(Math.abs(share(0.5) - 0.5)).toBeLessThan(0.06);
  });
});

describe('same seed, same plan', () => {
  test('a shorter epoch is the beginning of a longer one', () => {
    const [short, long] = [plan({}, 3), plan({}, 9)];
    for (const name of Object.keys(short.columns))
      expect(column(long, name).slice(0, short.columns[name]!.length)).toEqual(column(short, name));
  });
  test('epoch and seed change it', () => {
    expect(plan({}, 9)).toEqual(plan({}, 9));
    expect(column(plan({}, 9, flowers(), 2), 'image')).not.toEqual(column(plan({}, 9), 'image'));
    expect(column(plan({ seed: 2 }, 9), 'image')).not.toEqual(column(plan({}, 9), 'image'));
  });
  test('the plan of a version never changes: runs are continued with it', () => {
    const p = plan({}, 1);
    expect({ image: column(p, 'image'), captions: column(p, 'captions'), cropX: column(p, 'cropX') }).toEqual(
      {
        image: [16, 0, 6, 14],
        captions: [83, 82, 81, 83, 1, 2, 1, 2, 33, 30, 31, 33, 70, 72, 72, 70],
        cropX: [9, 2, 10, 3],
      },
    );
  });
});

describe('refusals', () => {
  test('images smaller than the networks’ side', () => {
    expect(() => new EpochPlanner(flowers({ imageSize: 63 }), authors)).toThrow(
      expect.objectContaining({
        code: 'DATA',
        message: expect.stringMatching(/at least 64 pixels wide, but are 63/),
      }),
    );
  });
  test('a data set without training images', () => {
    const source = flowers({ splitOf: new Uint8Array(33).fill(2) });
    expect(() => new EpochPlanner(source, authors)).toThrow(expect.objectContaining({ code: 'DATA' }));
  });
});
