/** The boundary refuses what is missing, of another kind or unknown, by name; nothing reaches the engine. */
import type { FlorigenAddon, GanTrainerHandle, GeneratorHandle, NativePlan } from '../../ts/native/addon';
import { loadAddon } from '../../ts/native/load';
import { testDevice } from '../support/device';
import {
  anything,
  branchesOf,
  otherKind,
  pathsOf,
  refusal,
  type Tree,
  withValue,
} from './support/option-tree';
import { TinyData, textSize, tinyNetwork, tinyPlan, tinySentences } from './support/tiny-gan';

const addon: FlorigenAddon = loadAddon({ device: testDevice });
const data = new TinyData();
let trainer: GanTrainerHandle;
let generator: GeneratorHandle;

beforeAll(async () => {
  addon.configureRuntime({ threads: 1 });
  trainer = await addon.createGanTrainer(data.options());
  generator = await addon.createGenerator(tinyNetwork());
});
afterAll(async () => {
  await addon.disposeHandle(trainer);
  await addon.disposeHandle(generator);
  data.remove();
});

describe('createGanTrainer', () => {
  const options = data.options() as unknown as Tree;
  const create = (tree: Tree) => addon.createGanTrainer(anything(tree));

  test.each(pathsOf(options))('refuses a missing `%s`', async (path) => {
    await expect(create(withValue(options, path, undefined))).rejects.toMatchObject(
      refusal(path, 'undefined'),
    );
  });

  test.each(pathsOf(options))('refuses another kind for `%s`', async (path) => {
    const { wrong, shown } = otherKind(options, path);
    await expect(create(withValue(options, path, wrong))).rejects.toMatchObject(refusal(path, shown));
  });

  test.each(branchesOf(options))('refuses an unknown key in `%s`', async (path) => {
    const unknown = path === '' ? 'tall' : `${path}.tall`;
    await expect(create(withValue(options, unknown, 1))).rejects.toMatchObject({
      code: 'USAGE',
      message: `\`${unknown}\` is not an option`,
    });
  });

  test.each([
    ['seed', -1, '-1'],
    ['seed', 2 ** 32, '4294967296'],
    ['seed', 1.5, '1.5'],
    ['emaDecay', Number.NaN, 'NaN'],
    ['adam.beta1', Number.POSITIVE_INFINITY, 'Infinity'],
    ['network.noiseSize', -3, '-3'],
    ['network.textSize', 2 ** 60, '1152921504606847000'],
    ['network.deterministic', 1, '1'],
    ['images', [], 'an array'],
    ['images', null, 'null'],
    ['objective', new Int32Array(2), 'a typed array of another kind'],
    ['augmentation', () => 1, 'a function'],
    ['images.offset', 12n, 'a BigInt'],
    ['images.path', Symbol('x'), 'a symbol'],
  ])('refuses `%s` = %p', async (path, value, shown) => {
    await expect(create(withValue(options, path, value))).rejects.toMatchObject(refusal(path, shown));
  });

  test('names the element of an array', async () => {
    const changed = withValue(options, 'images.shape', [6, 'x', 68, 3]);
    await expect(create(changed)).rejects.toMatchObject(refusal('images.shape[1]', '"x"'));
  });

  test('cuts a long text between two characters', async () => {
    const error = await create(withValue(options, 'seed', 'ß'.repeat(10_000))).catch((reason) => reason);
    expect(error.message).toMatch(/^`seed` must be .* but is "ß+\.\.\. instead$/);
    expect(error.message.length).toBeLessThan(200);
  });

  test.each([
    ['network.family', 'pixels'],
    ['network.dtype', 'float8'],
    ['network.device', 'tpu'],
    ['network.precision', 'double'],
    ['objective.pairing', 'nobody'],
    ['objective.interpolationBeta', 'third'],
    ['network.textSize', 16],
  ])('refuses a `%s` that the engine does not know', async (path, value) => {
    await expect(create(withValue(options, path, value))).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('refuses a contrastive term without a temperature, and a plan without its classes', async () => {
    const withTerm = (contrastive: Tree) => withValue(options, 'objective.contrastive', contrastive);
    await expect(create(withTerm({ weight: 1, temperature: 0 }))).rejects.toMatchObject(
      refusal('contrastive.temperature', '0.000000'),
    );
    const contrasting = await create(withTerm({ weight: 1, temperature: 0.1 }));
    const one = (plan: NativePlan, jobId: number) =>
      addon.trainerRun(contrasting, plan, { first: 0, last: 1, jobId }, () => {});
    const plan = tinyPlan(1);
    await expect(one(plan, 71)).rejects.toMatchObject(refusal('plan.columns.class', 'absent'));
    const columns = { ...plan.columns, class: Int32Array.of(0, 1, 2, 1) };
    await expect(one({ ...plan, columns }, 72)).resolves.toMatchObject({ nextStep: 1 });
    await addon.disposeHandle(contrasting);
  });

  test('refuses a guide without a temperature, on another device, and a plan without its classes', async () => {
    const { dtype, device, precision, deterministic } = options.network as Tree;
    const machine = { dtype, device, precision, deterministic };
    const network = { architecture: 'googlenet-small', inputSize: 64, heads: [], ...machine };
    const withGuide = (guide: Tree) =>
      withValue(options, 'guide', { network, weight: 1, temperature: 0.1, criticWeight: 0, ...guide });
    await expect(create(withGuide({ temperature: 0 }))).rejects.toMatchObject(
      refusal('guide.temperature', '0.000000'),
    );
    await expect(create(withGuide({ criticWeight: -1 }))).rejects.toMatchObject(
      refusal('guide.criticWeight', '-1.000000'),
    );
    const other = dtype === 'float32' ? 'float64' : 'float32';
    await expect(create(withGuide({ network: { ...network, dtype: other } }))).rejects.toMatchObject(
      refusal('guide.network.dtype', other),
    );
    await expect(create(withGuide({ network: { ...network, inputSize: 8 } }))).rejects.toMatchObject(
      refusal('inputSize', '8'),
    );
    const guided = await create(withGuide({}));
    const range = { first: 0, last: 1, jobId: 73 };
    await expect(addon.trainerRun(guided, tinyPlan(1), range, () => {})).rejects.toMatchObject(
      refusal('plan.columns.class', 'absent'),
    );
    await addon.disposeHandle(guided);
  });

  test('passes on what a getter throws', async () => {
    const trap = Object.defineProperty({ ...options }, 'seed', {
      enumerable: true,
      get: () => {
        throw new RangeError('not today');
      },
    });
    await expect(create(trap)).rejects.toThrow('not today');
  });

  test('refuses a data file that is missing or too short', async () => {
    for (const [path, value] of [
      ['images.path', '/nowhere/data.bin'],
      ['sentenceEmbeddings.offset', 10_000_000],
    ] as const) {
      await expect(create(withValue(options, path, value))).rejects.toMatchObject({ code: 'DATA' });
    }
  });
});

describe('trainerRun', () => {
  const plan = tinyPlan(2) as unknown as Tree;
  const range = { first: 0, last: 2, jobId: 1 };
  const run = (tree: unknown, place: unknown = range, onProgress: unknown = () => {}) =>
    addon.trainerRun(trainer, anything(tree), anything(place), anything(onProgress));

  test.each(pathsOf(plan).filter((path) => !path.startsWith('columns.')))(
    'refuses a missing `plan.%s`',
    async (path) => {
      await expect(run(withValue(plan, path, undefined))).rejects.toMatchObject(
        refusal(`plan.${path}`, 'undefined'),
      );
    },
  );

  test('refuses columns that are no Int32Array, and a plan without one that it needs', async () => {
    const column = 'columns.image';
    await expect(run(withValue(plan, column, new Float64Array(8)))).rejects.toMatchObject(
      refusal('plan.columns.image', 'a typed array of another kind'),
    );
    await expect(run(withValue(plan, column, [1, 2]))).rejects.toMatchObject(
      refusal('plan.columns.image', 'an array'),
    );
    await expect(run(withValue(plan, 'columns', {}))).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('refuses another version and unknown keys', async () => {
    await expect(run(withValue(plan, 'version', 1))).rejects.toMatchObject(refusal('plan.version', '1'));
    await expect(run(withValue(plan, 'tall', 2))).rejects.toMatchObject({
      message: '`plan.tall` is not an option',
    });
  });

  test('refuses a range that is none', async () => {
    for (const key of ['first', 'last', 'jobId']) {
      const broken = { ...range, [key]: 'x' };
      await expect(run(plan, broken)).rejects.toMatchObject(refusal(`range.${key}`, '"x"'));
    }
    await expect(run(plan, { ...range, last: 3 })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(run(plan, { ...range, first: 2, last: 1 })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(run(plan, range, 'call me')).rejects.toMatchObject(refusal('onProgress', '"call me"'));
  });

  test('refuses rows, captions and updates outside the data', async () => {
    const changed = (column: string, value: number): NativePlan => {
      const fresh = tinyPlan(2);
      fresh.columns[column]![3] = value;
      return fresh;
    };
    for (const [column, value] of [
      ['image', 6],
      ['image', -1],
      ['captions', 12],
      ['captions', -2],
      ['cropX', 5],
      ['flip', 2],
      ['mismatchedImage', 2 ** 31 - 1],
    ] as const) {
      await expect(run(changed(column, value))).rejects.toMatchObject({ code: 'USAGE' });
    }
    const updates = Int32Array.from([0, 0, 4, 1, 2 ** 31 - 1, 2 ** 31 - 2, 0, 4, 4, 1, 4, 4]);
    await expect(run({ ...plan, updates })).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('after all these refusals the trainer still runs', async () => {
    await expect(run(plan)).resolves.toEqual({ nextStep: 2, globalStep: 2, cancelled: false });
  });
});

describe('handles', () => {
  const foreign: [string, unknown, string][] = [
    ['undefined', undefined, 'undefined'],
    ['an object', {}, 'an object'],
    ['a number', 7, '7'],
    ['a function', () => {}, 'a function'],
  ];
  test.each(foreign)('are refused when they are %s', async (_, value, shown) => {
    const wrong = anything(value);
    const [sentences, seeds] = tinySentences(1);
    expect(() => addon.trainerManifest(wrong)).toThrow(
      `\`trainer\` must be a handle from a create...Trainer function, but is ${shown}`,
    );
    expect(() => addon.generatorManifest(wrong)).toThrow('`generator` must be a handle');
    for (const call of [
      () => addon.trainerReadState(wrong, 'progress.step'),
      () => addon.trainerWriteState(wrong, 'progress.step', new Uint8Array(8)),
      () => addon.trainerRun(wrong, tinyPlan(1), { first: 0, last: 1, jobId: 2 }, () => {}),
      () => addon.ganTrainerSample(wrong, sentences, seeds),
      () => addon.generatorWriteState(wrong, 'x', new Uint8Array(1)),
      () => addon.generatorGenerate(wrong, sentences, seeds),
      () => addon.disposeHandle(wrong),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'USAGE' });
    }
  });

  test('of one kind are refused as the other', async () => {
    const [sentences, seeds] = tinySentences(1);
    expect(() => addon.trainerManifest(anything(generator))).toThrow('but is a foreign handle instead');
    expect(() => addon.generatorManifest(anything(trainer))).toThrow('but is a foreign handle instead');
    await expect(addon.ganTrainerSample(anything(generator), sentences, seeds)).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  test('a wrapped object of another addon is refused, and so is a copy', () => {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(trainer)), trainer);
    expect(() => addon.trainerManifest(copy)).toThrow('must be a handle from a create...Trainer function');
  });
});

describe('tensors and sentences', () => {
  test('an unknown tensor is named', async () => {
    await expect(addon.trainerReadState(trainer, 'generator.nose')).rejects.toMatchObject(
      refusal('name', '"generator.nose"'),
    );
    await expect(addon.trainerReadState(trainer, anything(5))).rejects.toMatchObject(refusal('name', '5'));
  });

  test('the bytes of a tensor must be a Uint8Array of its size', async () => {
    const write = (bytes: unknown) => addon.trainerWriteState(trainer, 'progress.step', anything(bytes));
    await expect(write(new Float32Array(2))).rejects.toMatchObject({ code: 'USAGE' });
    await expect(write(new ArrayBuffer(8))).rejects.toMatchObject(refusal('bytes', 'an ArrayBuffer'));
    for (const size of [0, 7, 9]) await expect(write(new Uint8Array(size))).rejects.toThrow(/progress\.step/);
    await expect(write(new Uint8Array(8))).resolves.toBeUndefined();
    await expect(write(Buffer.alloc(8))).resolves.toBeUndefined();
  });

  test('sentences and seeds must fit each other', async () => {
    const [sentences, seeds] = tinySentences(2);
    const sample = (a: unknown, b: unknown) => addon.ganTrainerSample(trainer, anything(a), anything(b));
    await expect(sample(sentences, seeds.subarray(1))).rejects.toMatchObject(
      refusal('sentences', `${2 * textSize} numbers`),
    );
    await expect(sample(sentences.subarray(1), seeds)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(sample(new Float32Array(), new Uint32Array())).rejects.toMatchObject(
      refusal('seeds', 'empty'),
    );
    await expect(sample(Float64Array.from(sentences), seeds)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(sample(sentences, Int32Array.from(seeds))).rejects.toMatchObject({ code: 'USAGE' });
    await expect(sample(sentences, seeds)).resolves.toHaveLength(2 * 64 * 64 * 3);
  });
});

test('threads are set once per process', () => {
  expect(addon.configureRuntime({ threads: 1 })).toMatchObject({ threads: 1, libtorchVersion: '2.11.0' });
  expect(() => addon.configureRuntime({ threads: 3 })).toThrow(
    '`threads` must be 1, as set before in this process, but is 3 instead',
  );
  expect(() => addon.configureRuntime(anything({ threads: -1 }))).toThrow(
    '`threads` must be an integer of at least 0',
  );
  expect(() => addon.configureRuntime(anything({ threads: 1, tall: 1 }))).toThrow('`tall` is not an option');
});
