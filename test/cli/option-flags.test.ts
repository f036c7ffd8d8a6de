import { Command } from 'commander';
import { OptionFlags } from '../../ts/cli/option-flags';
import { TrainingConfig } from '../../ts/models/config';
import { optionFields } from '../../ts/models/option-fields';
import { mergeTrees } from '../../ts/models/options-config';
import { presets } from '../../ts/models/presets';

function read(...args: string[]) {
  const command = new Command('train').exitOverride().configureOutput({ writeErr: () => undefined });
  const flags = new OptionFlags(command, optionFields(), presets.small!.options);
  command.parse(args, { from: 'user' });
  return { tree: flags.read(), command };
}

test('every option is a flag that the help shows, with its default', () => {
  const { command } = read();
  const help = command.helpInformation();
  for (const field of optionFields())
    expect(help).toMatch(new RegExp(`${field.flag.replace('--', '--(no-)?')}\\b`));
  expect(help).toMatch(/--batch-size <number>\s[^-]*\(default: 32\)/);
  expect(help).toMatch(/--generator-features[^;]*default: 32; short:\s+--ngf\)/);
});

test('nothing given, nothing read: defaults belong to the presets', () => {
  expect(read().tree).toEqual({});
});

test('flags become a tree of the right types', () => {
  expect(
    read(
      '--batch-size',
      '64',
      '--interpolation-weight',
      '.5',
      '--data-pairing',
      'paper',
      '--no-deterministic',
    ).tree,
  ).toEqual({
    batchSize: 64,
    interpolation: { weight: 0.5 },
    data: { pairing: 'paper' },
    deterministic: false,
  });
  expect(read('--deterministic').tree).toEqual({ deterministic: true });
  expect(read('--sample-prompts', 'a red bloom', 'a blue bloom').tree).toEqual({
    samplePrompts: ['a red bloom', 'a blue bloom'],
  });
  expect(read('--text-encoder-options', '{"size":512}').tree).toEqual({
    textEncoder: { options: { size: 512 } },
  });
});

test('the short names are those of the literature', () => {
  expect(read('--ngf', '64', '--ndf', '48', '--nz', '50', '--nt', '96', '--lr', '1e-4').tree).toEqual({
    generatorFeatures: 64,
    discriminatorFeatures: 48,
    noiseSize: 50,
    projectedTextSize: 96,
    adam: { learningRate: 1e-4 },
  });
});

test.each([
  [['--batch-size', '-1'], /`batchSize` must be .* but is -1 instead/],
  [['--batch-size', 'many'], /`batchSize` must be .* but is "many" instead/],
  [['--data-pairing', 'both'], /`data.pairing` must be one of authors, paper, but is "both" instead/],
  [['--preset', 'smal'], /`preset` must be one of .* but is "smal" instead/],
])('%j is refused by the schema with a sentence', (args, sentence) => {
  expect(() => TrainingConfig.parse(read(...args).tree)).toThrow(sentence);
});

test('flags win over a file, name by name', () => {
  const file = { batchSize: 8, interpolation: { weight: 1, beta: 'half' }, samplePrompts: ['a', 'b'] };
  const flags = { interpolation: { weight: 0 }, samplePrompts: ['c'] };
  expect(mergeTrees(file, flags)).toEqual({
    batchSize: 8,
    interpolation: { weight: 0, beta: 'half' },
    samplePrompts: ['c'],
  });
});
