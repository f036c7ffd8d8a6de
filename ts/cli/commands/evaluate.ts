import { type Command, Option } from 'commander';
import type { Session } from '../context';
import { deviceOption, jsonOption, seedOption, threadsOption } from './values';

const help = `
Each caption names one petal color and one center color; half of them have a twin in which the two are exchanged.
A reader of colors, fitted on training species, looks at one picture a caption. With --features the heads of a feature
network also read number and shape of petals, in pictures of their own captions. docs/evaluation.md is the measure.
Choices are made on validation species; test species are for the last figure alone.

Examples:
  florigen evaluate attributes --model runs/demo --data runs/demo/flowers.safetensors --out report.md
  florigen evaluate attributes --model runs/demo --data runs/demo/flowers.safetensors \\
    --features runs/features/features-network.safetensors`;

export function addEvaluateCommands(program: Command, session: Session): void {
  const evaluate = program.command('evaluate').summary('measure a trained model');
  evaluate.description('Measures over classes that were never trained on.');
  const attributes = evaluate
    .command('attributes')
    .description(
      'Are the colors there that the sentence asks for, and the petals? For models of the built-in flowers.',
    )
    .requiredOption('--model <run|bundle>', 'a run folder or a bundle')
    .requiredOption('--data <pack>', 'a pack of built-in flowers, for real renders to compare with')
    .option('--features <file>', 'a feature network; its heads read number and shape of petals')
    .addOption(
      new Option('--split <name>', 'the species to measure on')
        .choices(['validation', 'test'])
        .default('test'),
    )
    .addOption(seedOption('the noise'))
    .option('--out <file>', 'also write the whole report there, as .md or .json')
    .option('--quick', 'a third of the captions, to look in between')
    .option('--strict', 'exit code 1 where a bar is missed')
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', help);
  session.bind(attributes, () => import('../actions/evaluate-attributes.js'));
}
