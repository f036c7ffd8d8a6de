import type { Command } from 'commander';
import type { Session } from '../context';
import { runCommand } from './run-command';
import { jsonOption, wholeNumber } from './values';

const trainHelp = `
Learns to tell the training classes apart and, of built-in flowers, to read their attributes. The run ends with
RUN/features-network.safetensors.

Example:
  florigen features train --data data/flowers.safetensors --run runs/features`;

const extractHelp = `
NETWORK is a file of \`features train\`, or a state dict of torchvision's googlenet (safetensors or torch.save). Ten views
an image, of the four corners and the center, mirrored or not, go to PACK.features-<network>.safetensors. Standardized
ones lie beside them: numbers that vary little then say as much to a text encoder as the others.

Example:
  florigen features extract data/flowers.safetensors --network runs/features/features-network.safetensors`;

export async function addFeaturesCommands(
  program: Command,
  session: Session,
  { withSchema }: { withSchema: boolean },
): Promise<void> {
  const features = program.command('features').summary('image features, which text encoders learn from');
  features.description("GoogLeNet's pooled features of the images of a pack.");

  const train = runCommand(features, {
    description: 'Train a feature network on a packed data set.',
    preset: 'small',
    help: trainHelp,
  });
  if (withSchema) {
    const [{ OptionFlags }, options] = await Promise.all([
      import('../option-flags.js'),
      import('../../models/feature-options.js'),
    ]);
    const { defaultFeaturePreset: preset, featureFields, featurePresets } = options;
    const defaults = { preset, ...featurePresets[preset]!.options };
    const flags = new OptionFlags(train, featureFields(), defaults);
    session.bind(
      train,
      () => import('../actions/features-train.js'),
      () => ({ overrides: flags.read() }),
    );
  }

  const extract = features
    .command('extract')
    .description('Write the features of all images beside a pack.')
    .argument('<pack>', 'a pack of `dataset build` or `dataset import`')
    .requiredOption('--network <file>', 'the feature network')
    .option(
      '--input-size <pixels>',
      'what a network of torchvision sees',
      wholeNumber('--input-size', 32, 1024),
    )
    .option('--standardize', 'bring each of the numbers to mean 0 and deviation 1 over trained images')
    .addOption(jsonOption())
    .addHelpText('after', extractHelp);
  session.bind(extract, () => import('../actions/features-extract.js'));
}
