import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TrainingConfig } from '../../../ts/models/config';
import { optionFields } from '../../../ts/models/option-fields';
import { presets } from '../../../ts/models/presets';

const refusal = (input: unknown) => {
  try {
    TrainingConfig.parse(input);
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  throw new Error('was accepted');
};

describe('TrainingConfig.parse', () => {
  test('nothing gives the default preset', () => {
    expect(TrainingConfig.parse()).toEqual({ preset: 'small', ...presets.small!.options });
  });

  test.each(Object.keys(presets))('preset %s is complete and its own fixed point', (name) => {
    const options = TrainingConfig.preset(name);
    expect(TrainingConfig.parse(options)).toEqual(options);
    expect(TrainingConfig.parse(JSON.parse(JSON.stringify(options)))).toEqual(options);
  });

  test('the faithful preset is the authors’ script', () => {
    expect(TrainingConfig.preset('reed2016-flowers')).toMatchObject({
      family: 'reed2016',
      generatorFeatures: 128,
      discriminatorFeatures: 64,
      batchSize: 64,
      epochs: 600,
      clsWeight: 0.5,
      interpolation: { weight: 1, beta: 'half' },
      emaDecay: 0,
      augmentation: { translation: 0, cutout: 0 },
      modeSeeking: { weight: 0 },
      learningRateDecay: { factor: 0.5, every: 100 },
      adam: { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
      data: {
        splits: 'trainval',
        captionsPerImage: 4,
        captionChoice: 'replace',
        sampling: 'balanced',
        pairing: 'authors',
        mismatches: 1,
      },
    });
  });

  test('what a user gives is laid over the preset, group by group', () => {
    const options = TrainingConfig.parse({ preset: 'reed2016-flowers', data: { flip: 0 }, seed: 7 });
    expect(options.data).toEqual({ ...presets['reed2016-flowers']!.options.data, flip: 0 });
    expect(options.seed).toBe(7);
  });

  test('steps take the place of epochs, and epochs of steps', () => {
    expect(TrainingConfig.parse({ preset: 'reed2016-flowers', steps: 5 }).epochs).toBeUndefined();
    expect(TrainingConfig.parse({ epochs: 2 }).steps).toBeUndefined();
    expect(refusal({ epochs: 2, steps: 5 }).message).toMatch(
      /`epochs` must be left out where `steps` is given/,
    );
  });

  test('is frozen to the leaves and apart from the table of presets', () => {
    const options = TrainingConfig.parse();
    expect(() => Object.assign(options.data, { flip: 1 })).toThrow(TypeError);
    expect(Object.isFrozen(presets.small!.options.data)).toBe(false);
  });

  test.each([
    [{ data: { groupSize: 5 } }, '`data.groupSize` must be a divisor of `batchSize`, 32, but is 5 instead'],
    [
      { data: { groupSize: 4, sampling: 'shuffle' } },
      '`data.groupSize` must be 1 with the sampling shuffle, but is 4 instead',
    ],
    [
      {
        data: { groupSize: 4 },
        fineTune: { learningRate: 1e-5 },
        textEncoder: { file: 'encoder.safetensors' },
      },
      '`data.groupSize` must be 1 with `fineTune`, but is 4 instead',
    ],
    [
      { guide: { weight: 1 } },
      '`guide.network` must be the file of a feature network with a `guide.weight`, but is undefined instead',
    ],
    [
      { data: { mismatches: 2, pairing: 'authors' } },
      '`data.mismatches` must be 1 with the pairing authors, but is 2 instead',
    ],
    [
      { fineTune: { learningRate: 1e-5 } },
      '`fineTune.learningRate` must be left out with the text encoder hashed-ngrams, which has no network to train, but is 0.00001 instead',
    ],
    [
      { fineTune: { learningRate: 1e-5 }, textEncoder: { file: 'encoder.safetensors' }, clsWeight: 0 },
      '`clsWeight` must be above 0 with `fineTune`, but is 0 instead',
    ],
    [
      { fineTune: { learningRate: 0 }, textEncoder: { file: 'encoder.safetensors' } },
      '`fineTune.learningRate` must be a positive number, but is 0 instead',
    ],
    [{ batchSize: -1 }, '`batchSize` must be an even integer, at least 4, but is -1 instead'],
    [{ batchSize: 5 }, '`batchSize` must be an even integer, at least 4, but is 5 instead'],
    [{ batchSize: 2 }, '`batchSize` must be an even integer, at least 4, but is 2 instead'],
    [{ batchSize: '32' }, '`batchSize` must be an even integer, at least 4, but is "32" instead'],
    [{ noiseSize: Number.NaN }, '`noiseSize` must be a positive integer, but is NaN instead'],
    [{ generatorFeatures: 1.5 }, '`generatorFeatures` must be a positive integer, but is 1.5 instead'],
    [{ clsWeight: 1.01 }, '`clsWeight` must be a number from 0 to 1, but is 1.01 instead'],
    [{ emaDecay: 1 }, '`emaDecay` must be a number from 0 to less than 1, but is 1 instead'],
    [{ adam: { learningRate: 0 } }, '`adam.learningRate` must be a positive number, but is 0 instead'],
    [
      { adam: { learningRate: Number.POSITIVE_INFINITY } },
      '`adam.learningRate` must be a positive number, but is Infinity instead',
    ],
    [{ family: 'stylegan' }, '`family` must be one of reed2016, dcgan, modulated, but is "stylegan" instead'],
    [
      { contrastive: { weight: -0.1 } },
      '`contrastive.weight` must be a number, 0 or more, but is -0.1 instead',
    ],
    [
      { contrastive: { temperature: 0 } },
      '`contrastive.temperature` must be a positive number, but is 0 instead',
    ],
    [{ seed: 2 ** 32 }, '`seed` must be an integer from 0 to 4294967295, but is 4294967296 instead'],
    [{ data: 3 }, '`data` must be an object of options, but is 3 instead'],
    [{ samplePrompts: 'a' }, '`samplePrompts` must be a list of captions, but is "a" instead'],
    [
      { precision: 'tf32', device: 'cpu' },
      '`precision` must be ieee or bf16 on a CPU, but is "tf32" instead',
    ],
    [{ preset: 3 }, '`preset` must be the name of a preset, but is 3 instead'],
    [[], '`options` must be an object of options, but is "[]" instead'],
  ])('refuses %j', (input, message) => {
    expect(refusal(input)).toMatchObject({ code: 'USAGE', message });
  });

  test.each([
    [{ batchsize: 8 }, '`batchsize` is not an option.', 'Did you mean `batchSize`?'],
    [{ data: { fliip: 1 } }, '`data.fliip` is not an option.', 'Did you mean `data.flip`?'],
    [{ ngf: 8 }, '`ngf` is not an option.', 'Did you mean `generatorFeatures`?'],
    [{ qwertyuiop: 1 }, '`qwertyuiop` is not an option.', 'See `florigen train --help` for every option.'],
    [
      { preset: 'smal' },
      /`preset` must be one of small, reed2016-flowers, blog-2019/,
      'Did you mean `small`?',
    ],
    [JSON.parse('{"__proto__": {"x": 1}}'), /is not an option|must be/, expect.any(String)],
  ])('names what is unknown in %j', (input, message, hint) => {
    const error = refusal(input);
    expect(error.code).toBe('USAGE');
    expect(error.message).toMatch(message);
    expect(error.hint).toEqual(hint);
  });
});

describe('option fields', () => {
  test('every leaf has one sentence, a unique flag and a value in some preset', () => {
    const flags = new Set<string>();
    for (const field of optionFields()) {
      expect(field.doc).toMatch(/\.$/);
      for (const flag of [field.flag, ...field.aliases.map((alias) => `--${alias}`)]) {
        expect(flags).not.toContain(flag);
        flags.add(flag);
      }
    }
    expect(optionFields().map((field) => field.name)).toEqual(
      expect.arrayContaining(['data.pairing', 'steps', 'epochs', 'adam.learningRate', 'textEncoder.id']),
    );
  });
  test('kinds and choices come from the schema', () => {
    const byName = new Map(optionFields().map((field) => [field.name, field]));
    expect(byName.get('batchSize')).toMatchObject({ kind: 'integer', flag: '--batch-size' });
    expect(byName.get('generatorFeatures')).toMatchObject({ kind: 'integer', aliases: ['ngf'] });
    expect(byName.get('steps')).toMatchObject({ kind: 'integer' });
    expect(byName.get('emaDecay')).toMatchObject({ kind: 'number' });
    expect(byName.get('deterministic')).toMatchObject({ kind: 'boolean' });
    expect(byName.get('samplePrompts')).toMatchObject({ kind: 'list' });
    expect(byName.get('interpolation.beta')).toMatchObject({
      kind: 'choice',
      choices: ['half', 'uniform', 'extrapolate'],
    });
  });
});

test('another text encoder has none of the options of the preset’s own', () => {
  const options = { convolutionSize: 256 };
  const { textEncoder } = TrainingConfig.parse({ textEncoder: { id: 'char-cnn-rnn', options } });
  expect(textEncoder.options).toEqual(options);
  const sizes = TrainingConfig.parse({ textEncoder: { options: { size: 16 } } }).textEncoder.options;
  expect(sizes).toMatchObject({ size: 16, maxOrder: 3 });
});

describe('files and differences', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-config-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  test('save and load give the same options', async () => {
    const file = path.join(folder, 'options.json');
    const options = TrainingConfig.parse({ seed: 5, data: { pairing: 'authors', mismatches: 1 } });
    await TrainingConfig.save(file, options);
    expect(await TrainingConfig.load(file)).toEqual(options);
  });

  test('a file that is missing or no JSON is named', async () => {
    await expect(TrainingConfig.load(path.join(folder, 'none.json'))).rejects.toMatchObject({ code: 'IO' });
    fs.writeFileSync(path.join(folder, 'bad.json'), '{');
    await expect(TrainingConfig.load(path.join(folder, 'bad.json'))).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('bad.json'),
    });
  });

  test('diff names each option that differs', () => {
    const a = TrainingConfig.parse();
    const b = TrainingConfig.parse({ seed: 2, data: { pairing: 'authors', mismatches: 1 } });
    expect(TrainingConfig.diff(a, b)).toEqual([
      { name: 'data.pairing', before: 'paper', after: 'authors' },
      { name: 'data.mismatches', before: 8, after: 1 },
      { name: 'seed', before: 1, after: 2 },
    ]);
    expect(TrainingConfig.diff(a, a)).toEqual([]);
  });
});
