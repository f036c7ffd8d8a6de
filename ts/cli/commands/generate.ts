import type { Command } from 'commander';
import type { Session } from '../context';
import { deviceOption, jsonOption, seedOption, threadsOption, wholeNumber } from './values';

const help = `
Picture k of a prompt uses seed S + k, so every picture can be drawn again alone. Same model, prompt and seed,
same picture.

Without --model the model in the box draws: flowers, trained at length on the built-in ones (docs/models.md).

Examples:
  florigen generate --prompt "a violet bloom with a yellow heart" --out flower.png
  florigen generate --model runs/demo/bundle.safetensors --prompt "a red flower with a yellow center" --out a.png
  florigen generate --model runs/flowers --prompt "violet petals" "orange petals" --count 8 --out grid.png
  florigen generate --model runs/flowers --prompt "a white bloom" --count 100 --out pictures/`;

export function addGenerateCommand(program: Command, session: Session): void {
  const command = program
    .command('generate')
    .summary('draw what sentences say')
    .description('Draw pictures from sentences with a trained model.')
    .option(
      '--model <run|bundle>',
      'a run folder (its last checkpoint) or a bundle; without it the model that comes with florigen',
    )
    .requiredOption('--prompt <text...>', 'one or more sentences, each of at most 1,000 characters')
    .option('--count <number>', 'pictures a prompt', wholeNumber('--count', 1, 10_000), 4)
    .addOption(seedOption('the noise'))
    .requiredOption('--out <path>', 'x.png: one labelled grid; folder/: a file a picture, and manifest.json')
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', help);
  session.bind(command, () => import('../actions/generate.js'));
}
