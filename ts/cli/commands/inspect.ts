import type { Command } from 'commander';
import type { Session } from '../context';
import { jsonOption } from './values';

export function addInspectCommand(program: Command, session: Session): void {
  const command = program
    .command('inspect')
    .summary('say what a file or a run folder is')
    .description(
      'Say what a pack, checkpoint, bundle, embeddings file, run folder or any safetensors file holds.',
    )
    .argument('<file>', 'the file or run folder')
    .option('--tensors', 'list every tensor with its dtype and shape')
    .option('--verify', 'read all of it and compare with its recorded SHA-256')
    .addOption(jsonOption());
  session.bind(command, () => import('../actions/inspect.js'));
}

const exportHelp = `
The bundle holds the generator (averaged weights, where the run has an average), the text encoder's identity, the
options and where they came from: all that \`florigen generate\` needs.

Example:
  florigen export runs/flowers --out flowers.safetensors`;

export function addExportCommand(program: Command, session: Session): void {
  const command = program
    .command('export')
    .summary('write the bundle of a run: one file to share')
    .description('Write the generator of a run as a bundle.')
    .argument('<run>', 'a run folder')
    .requiredOption('--out <bundle>', 'the file to write')
    .option('--half', 'matrices and kernels in half precision: half the bytes, pictures within rounding')
    .option('--force', 'replace the file where one exists')
    .addOption(jsonOption())
    .addHelpText('after', exportHelp);
  session.bind(command, () => import('../actions/export.js'));
}
