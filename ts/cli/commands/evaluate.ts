import type { Command } from 'commander';
import type { Session } from '../context';
import { jsonOption } from './values';

export function addEvaluateCommands(program: Command, session: Session): void {
  const evaluate = program.command('evaluate').summary('measure a trained model');
  evaluate.description('Measures over classes that were never trained on.');
  const attributes = evaluate
    .command('attributes')
    .description('Are the colors there that the sentence asks for? For models of the built-in flowers.')
    .requiredOption('--model <run|bundle>', 'a run folder or a bundle')
    .requiredOption('--data <pack>', 'the pack of built-in flowers that it was trained on')
    .option('--out <file>', 'also write the report there, as JSON')
    .addOption(jsonOption());
  session.bind(attributes, () => import('../actions/evaluate-attributes.js'));
}
