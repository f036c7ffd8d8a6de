/** The trainers of text encoders and of feature networks at the boundary: what each refuses, by name. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlorigenAddon, NativePlan, NativeTensorRef, TrainerHandle } from '../../ts/native/addon';
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
import { readWholeState, tinyPlan, tinySentences } from './support/tiny-gan';
import {
  captionCount,
  encoderPlan,
  featurePlan,
  imageCount,
  TinyTables,
  tinyText,
  tinyTokens,
  viewCount,
} from './support/tiny-networks';

const addon: FlorigenAddon = loadAddon({ device: testDevice });
const tables = new TinyTables();
let jobs = 0;

beforeAll(() => addon.configureRuntime({ threads: 1 }));
afterAll(() => tables.remove());

const run = (trainer: TrainerHandle, plan: unknown, last = 1) =>
  addon.trainerRun(trainer, anything(plan), { first: 0, last, jobId: ++jobs }, () => {});

const kinds = {
  encoder: {
    options: tables.encoder() as unknown as Tree,
    create: (tree: unknown) => addon.createTextEncoderTrainer(anything(tree)),
    plan: encoderPlan,
  },
  captions: {
    options: tables.encoder('captions') as unknown as Tree,
    create: (tree: unknown) => addon.createTextEncoderTrainer(anything(tree)),
    plan: (steps: number) => encoderPlan(steps, 'captions'),
  },
  features: {
    options: tables.featureTrainer() as unknown as Tree,
    create: (tree: unknown) => addon.createFeatureTrainer(anything(tree)),
    plan: featurePlan,
  },
};
type Kind = keyof typeof kinds;

describe.each(['encoder', 'features'] as const)('options of the trainer of %s', (kind) => {
  const { options, create } = kinds[kind];

  test.each(pathsOf(options))('without `%s`, or with another kind of it', async (path) => {
    await expect(create(withValue(options, path, undefined))).rejects.toMatchObject(
      refusal(path, 'undefined'),
    );
    const { wrong, shown } = otherKind(options, path);
    await expect(create(withValue(options, path, wrong))).rejects.toMatchObject(refusal(path, shown));
  });

  test.each(branchesOf(options))('with an unknown key in `%s`', async (path) => {
    const unknown = path === '' ? 'tall' : `${path}.tall`;
    await expect(create(withValue(options, unknown, 1))).rejects.toMatchObject({
      code: 'USAGE',
      message: `\`${unknown}\` is not an option`,
    });
  });

  test('with data that is missing or too short', async () => {
    const first = kind === 'encoder' ? 'tokens' : 'images';
    for (const [path, value] of [
      [`${first}.path`, '/nowhere/data.bin'],
      [`${first}.offset`, 10_000_000],
      [`${first}.bytes`, 4],
    ])
      await expect(create(withValue(options, path as string, value))).rejects.toMatchObject({ code: 'DATA' });
  });
});

const sameBytes = (shape: number[], dtype = 'I32') => ({ shape, dtype });

describe('values that the engine does not know', () => {
  const [words, pixels] = [tables.tokens, tables.images];
  const side = pixels.shape[1]!;

  test.each<[Kind, string, unknown, string, string]>([
    ['encoder', 'network.architecture', 'lstm', 'architecture', "'lstm'"],
    ['encoder', 'objective.kind', 'triplet', 'objective.kind', "'triplet'"],
    ['encoder', 'optimizer.kind', 'sgd', 'optimizer.kind', "'sgd'"],
    ['encoder', 'optimizer.epsilon', Number.NaN, 'optimizer.epsilon', 'NaN'],
    ['encoder', 'seed', 2 ** 32, 'seed', '4294967296'],
    ['encoder', 'initialRange', Number.POSITIVE_INFINITY, 'initialRange', 'Infinity'],
    ['encoder', 'network.length', 13, 'network.length', '13'],
    ['encoder', 'network.embeddingSize', 16, 'network.embeddingSize', '16'],
    ['encoder', 'network.vocabularySize', 6, 'tokens', '7'],
    ['encoder', 'network.dropout', 1, 'dropout', '1.000000'],
    ['encoder', 'wordDropout.share', 1, 'wordDropout.share', '1.000000'],
    ['encoder', 'features', null, 'features', 'null'],
    ['captions', 'features', tables.features, 'features', 'there'],
    ['encoder', 'tokens', { ...words, ...sameBytes([10, 3, 4]) }, 'tokens', 'Int [10, 3, 4]'],
    ['encoder', 'tokens', { ...words, ...sameBytes([10, 12], 'F32') }, 'tokens', 'Float [10, 12]'],
    ['encoder', 'features.shape', [15, 8], 'features', 'Float [15, 8]'],
    ['features', 'network.heads', [], 'network.heads', 'empty'],
    ['features', 'network.heads', [3], 'headWeights', '2'],
    ['features', 'network.heads', [2, 2], 'labels of head 0', '-1 to 2'],
    ['features', 'headWeights', [1], 'headWeights', '1'],
    ['features', 'headWeights', [1, -1], 'headWeights', '-1.000000'],
    ['features', 'headWeights', [1, '2'], 'headWeights[1]', '"2"'],
    ['features', 'labels.shape', [2, 5], 'labels', 'Int [2, 5]'],
    ['features', 'cropSide', 0, 'cropSide', '0'],
    ['features', 'cropSide', side + 1, 'cropSide', `${side + 1}`],
    ['features', 'images.shape', [5, 20, 80, 3], 'images', 'Byte [5, 20, 80, 3]'],
    ['features', 'optimizer.kind', 'sgd', 'optimizer.kind', "'sgd'"],
  ])('of the trainer of %s: `%s` = %p', async (kind, path, value, name, shown) => {
    const { options, create } = kinds[kind];
    await expect(create(withValue(options, path, value))).rejects.toMatchObject(refusal(name, shown));
  });
});

describe.each(['encoder', 'captions', 'features'] as const)('plans of %s', (kind) => {
  const { options, create, plan } = kinds[kind];
  let trainer: TrainerHandle;
  beforeAll(async () => {
    trainer = await create(options);
  });
  afterAll(() => addon.disposeHandle(trainer));
  const whole = plan(1) as unknown as Tree;

  test.each(pathsOf(whole).filter((path) => !path.startsWith('values.')))('without `%s`', async (path) => {
    const name = `plan.${path}`;
    const column = path.startsWith('columns.');
    const changed = withValue(whole, path, undefined);
    await expect(run(trainer, changed)).rejects.toMatchObject(refusal(name, 'undefined'));
    if (!column) return;
    const { [path.slice('columns.'.length)]: _, ...columns } = whole.columns as Tree;
    await expect(run(trainer, { ...whole, columns })).rejects.toMatchObject(refusal(name, 'absent'));
  });

  test('of another kind of update, of one row, past the rows, without a learning rate', async () => {
    const [update, , rows] = whole.updates as unknown as [number, number, number];
    const wrong: [number[], string][] = [
      [[0, 0, rows], '0'],
      [[5 - update, 0, rows], `${5 - update}`],
      [[update, 0, 1], '1'],
      [[update, 1, rows], `1 to ${rows + 1}`],
      [[update, -1, rows], `-1 to ${rows - 1}`],
    ];
    for (const [updates, shown] of wrong)
      await expect(run(trainer, { ...whole, updates: Int32Array.from(updates) })).rejects.toMatchObject(
        refusal('plan.updates', shown),
      );
    await expect(run(trainer, { ...whole, values: {} })).rejects.toMatchObject(
      refusal('plan.values.learningRate', 'absent'),
    );
    await expect(run(trainer, { ...whole, values: { learningRate: Number.NaN } })).rejects.toMatchObject(
      refusal('plan.values.learningRate', 'NaN'),
    );
    await expect(run(trainer, tinyPlan(1))).rejects.toMatchObject({ code: 'USAGE' });
  });

  const limits: Record<string, [number, number][]> = {
    caption: [[-1, captionCount]],
    otherCaption: [[-1, captionCount]],
    image: [[-1, imageCount]],
    view: [[-1, viewCount]],
    cropX: [[-1, 5]],
    cropY: [[-1, 5]],
    flip: [[-1, 2]],
  };
  test.each(Object.keys(whole.columns as Tree))('with `columns.%s` outside the data', async (column) => {
    for (const value of limits[column]!.flat()) {
      const fresh: NativePlan = plan(1);
      fresh.columns[column]![1] = value;
      await expect(run(trainer, fresh)).rejects.toMatchObject(refusal(`plan.columns.${column}`, `${value}`));
    }
    const short = plan(1);
    short.columns[column] = short.columns[column]!.subarray(1);
    await expect(run(trainer, short)).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('after all these refusals the trainer is at step 0, and runs', async () => {
    const step = Buffer.from(await addon.trainerReadState(trainer, 'progress.step'));
    expect(step.readBigInt64LE()).toBe(0n);
    await expect(run(trainer, plan(2), 2)).resolves.toEqual({ nextStep: 2, globalStep: 2, cancelled: false });
  });

  test('a disposed trainer, and handles of other kinds', async () => {
    const tokens = tinyTokens(1);
    for (const call of [
      () => addon.ganTrainerSample(anything(trainer), ...tinySentences(1)),
      () => addon.textNetworkEncode(anything(trainer), tokens),
      () => addon.generatorGenerate(anything(trainer), ...tinySentences(1)),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'USAGE' });
    const other = await create(options);
    await addon.disposeHandle(other);
    const disposed = { code: 'DISPOSED', message: 'the trainer is disposed' };
    expect(() => addon.trainerManifest(other)).toThrow(disposed.message);
    await expect(run(other, plan(1))).rejects.toMatchObject(disposed);
    await expect(addon.trainerReadState(other, 'progress.step')).rejects.toMatchObject(disposed);
  });
});

test.each(['word-cnn-rnn', 'char-cnn-rnn', 'char-cnn-gru'] as const)(
  'a text of one step trains %s, but for the weights from state to state',
  async (architecture) => {
    const length = { 'word-cnn-rnn': 9, 'char-cnn-rnn': 66, 'char-cnn-gru': 48 }[architecture];
    const network = tinyText({ architecture, length });
    const words = Int32Array.from({ length: captionCount * length }, (_, i) => 1 + ((i * i) % 7));
    const path = join(tables.folder, `${architecture}.bin`);
    writeFileSync(path, words);
    const tokens: NativeTensorRef = {
      path,
      offset: 0,
      bytes: words.byteLength,
      dtype: 'I32',
      shape: [captionCount, length],
    };
    const trainer = await addon.createTextEncoderTrainer({ ...tables.encoder(), network, tokens });
    const before = await readWholeState(addon, trainer);
    await run(trainer, encoderPlan(1));
    const after = await readWholeState(addon, trainer);
    for (const name of Object.keys(before).filter((key) => /^encoder\..*\.weight$/.test(key)))
      expect([name, after[name] === before[name]]).toEqual([name, /h2h|_update|_reset/.test(name)]);
    await addon.disposeHandle(trainer);
  },
);

test('texts and pictures that are read between the steps of a run do not change a bit of it', async () => {
  for (const kind of ['encoder', 'features'] as const) {
    const { options, create, plan } = kinds[kind];
    const [alone, disturbed] = [await create(options), await create(options)];
    await run(alone, plan(6), 6);
    const text = await addon.createTextNetwork(tinyText());
    const pictures = await addon.createFeatureNetwork(tables.featureTrainer().network);
    const running = run(disturbed, plan(6), 6);
    await addon.textNetworkEncode(text, tinyTokens(20));
    await addon.featureNetworkExtract(pictures, new Uint8Array(40 * 40 * 3), new Int32Array(4), {
      side: 40,
      cropSide: 36,
    });
    await running;
    expect(await readWholeState(addon, disturbed)).toEqual(await readWholeState(addon, alone));
    for (const handle of [alone, disturbed, text, pictures]) await addon.disposeHandle(handle);
  }
});
