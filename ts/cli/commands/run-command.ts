import type { Command } from 'commander';
import { jsonOption } from './values';

/** The command `train` of a group, with the flags that every kind of run has. */
export function runCommand(
  group: Command,
  { description, preset, help }: { description: string; preset: string; help: string },
): Command {
  return group
    .command('train')
    .description(description)
    .optionsGroup('Run:')
    .option('--data <pack>', 'the data set')
    .option('--run <folder>', `where checkpoints and logs go (default: runs/${group.name()}-PRESET)`)
    .option('--resume <run>', 'continue a run with the options that it began with')
    .option('--config <file>', 'a JSON file of options, such as the options.json of another run')
    .addOption(jsonOption())
    .optionsGroup(`Options, with the defaults of preset \`${preset}\`:`)
    .addHelpText('after', help);
}
