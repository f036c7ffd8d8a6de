import type { Command } from 'commander';
import type { Session } from '../context';
import { jsonOption } from './values';

const importHelp = `
FILE is one of the authors' encoders (a Torch7 .t7 file, of nn or cudnn modules) or a state dict of the PyTorch port
char_cnn_rnn_pytorch. What it is, is read from its content: char-cnn-rnn, char-cnn-gru or word-cnn-rnn, and the sizes.
Nothing in the file is executed. Without --out it is read whole, and nothing is written.

Example:
  florigen encoder import lm_sje_flowers_c10_hybrid.t7 --out flowers-encoder.safetensors`;

export function addEncoderCommands(program: Command, session: Session): void {
  const encoder = program.command('encoder').summary('text encoders: sentences to embeddings');
  encoder.description(
    'A text encoder is one file; a bundle carries the one that its generator was trained with.',
  );

  const importer = encoder
    .command('import')
    .description("Read somebody else's text encoder, and say precisely what was found.")
    .argument('<file>', 'a Torch7 file or a state dict of PyTorch')
    .option('--out <encoder>', 'the file to write')
    .option('--force', 'replace the file where one exists')
    .addOption(jsonOption())
    .addHelpText('after', importHelp);
  session.bind(importer, () => import('../actions/encoder-import.js'));
}
