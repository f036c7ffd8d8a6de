import type { Command } from 'commander';
import type { Session } from '../context';
import { jsonOption } from './values';

const help = `
Options are taken in this order, later ones winning: the preset, the file of --config, flags. The complete options
are written beside the run. docs/guide.md explains presets and options.

Ctrl-C finishes the step in hand, saves, and prints how to continue; the continued run ends bit for bit as one
that was never stopped. A second Ctrl-C ends at once, and loses what came after the last save.

Examples:
  florigen train                                             the default preset on the built-in flowers
  florigen train --data data/photos.safetensors --encoder runs/encoder/encoder.safetensors --steps 5000
  florigen train --data data/photos.safetensors --text-encoder-id hashed-ngrams --run runs/photos
  florigen train --preset reed2016-flowers --device cuda     the authors' script
  florigen train --ngf 64 --ndf 64 --lr 0.0001 --config mine.json
  florigen train --resume runs/photos`;

/** The flags of the option schema are added only where `train` is called: reading the schema takes a while. */
export async function addTrainCommand(
  program: Command,
  session: Session,
  { withSchema }: { withSchema: boolean },
): Promise<void> {
  const command = program
    .command('train')
    .summary('train a model on a pack')
    .description('Train a text-to-image GAN on a packed data set.')
    .optionsGroup('Run:')
    .option(
      '--data <pack>',
      'the data set; without it the built-in flowers, packed first where they are not yet',
    )
    .option(
      '--run <folder>',
      'where checkpoints, logs and samples go (default: runs/PRESET, numbered if taken)',
    )
    .option('--resume <run>', 'continue a run with the options that it began with')
    .option('--config <file>', 'a JSON file of options, such as the options.json of another run')
    .addOption(jsonOption())
    .optionsGroup('Options of the model and its training, with the defaults of preset `small`:')
    .addHelpText('after', help);
  if (!withSchema) return;
  const [{ OptionFlags }, { optionFields }, { defaultPreset, presets }] = await Promise.all([
    import('../option-flags.js'),
    import('../../models/option-fields.js'),
    import('../../models/presets.js'),
  ]);
  const defaults = { preset: defaultPreset, ...presets[defaultPreset]!.options };
  const flags = new OptionFlags(command, optionFields(), defaults);
  session.bind(
    command,
    () => import('../actions/train.js'),
    () => ({ overrides: flags.read() }),
  );
}
