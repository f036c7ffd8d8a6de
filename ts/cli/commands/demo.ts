import type { Command } from 'commander';
import type { Session } from '../context';
import { demoImages } from '../demo/size';
import { demoTraining } from '../demo/training';
import { count } from '../format';
import { jsonOption, seedOption, threadsOption, wholeNumber } from './values';

const help = `
What happens, on two quiet CPU cores that compute in bfloat16 in at most ten minutes, on others
in about eleven (an estimate comes first):
  1. ${count(2 * demoImages)} built-in flowers are drawn and described          FOLDER/flowers.safetensors
     (half of them hybrids, which are of no species: they teach a generator to take colors apart)
  2. their captions are embedded                             beside it
  3. preset \`small\` is trained, with a guide and its critic  FOLDER/samples/ (a grid each epoch)
  4. sentences that were never in the data become pictures   FOLDER/bundle.safetensors, FOLDER/pictures.png

Ctrl-C saves; the same command continues where it stopped. When everything is there it draws again from the seed.

Examples:
  florigen demo
  florigen demo --fresh --seed 7
  florigen demo --images 200 --steps 40 --out /tmp/short     a much shortened one; the pictures will be noise`;

export function addDemoCommand(program: Command, session: Session): void {
  const command = program
    .command('demo')
    .summary('build flowers, train on them, draw from sentences: all in some ten minutes')
    .description('Build a data set of flowers, train the default preset on it, and draw what sentences say.')
    .option('--out <folder>', 'where everything goes', 'runs/demo')
    .option(
      '--images <number>',
      'flowers of the species to draw',
      wholeNumber('--images', 102, 8189),
      demoImages,
    )
    .option(
      '--hybrids <number>',
      'flowers of no species to draw beside them (default: as many)',
      wholeNumber('--hybrids', 0, 1_000_000),
    )
    .option('--steps <number>', 'training steps', wholeNumber('--steps', 1), demoTraining.steps)
    .addOption(seedOption('draws other flowers, other weights, other pictures'))
    .option('--fresh', 'throw away what an earlier demo left in the folder, and begin anew')
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', help);
  session.bind(command, () => import('../actions/demo.js'));
}
