import { type Command, Option } from 'commander';
import type { Session } from '../context';
import { runCommand } from './run-command';
import { jsonOption, threadsOption } from './values';

const importHelp = `
FILE is one of the authors' encoders (a Torch7 .t7 file, of nn or cudnn modules) or a state dict of the PyTorch port
char_cnn_rnn_pytorch. What it is, is read from its content: char-cnn-rnn, char-cnn-gru or word-cnn-rnn, and the sizes.
Nothing in the file is executed. Without --out it is read whole, and nothing is written. The authors give capital letters
and unknown characters no channel; the port folds the first, and takes the others for spaces.

Example:
  florigen encoder import lm_sje_flowers_c10_hybrid.t7 --out flowers-encoder.safetensors`;

const trainHelp = `
Structured joint embedding (Reed et al. 2016): captions against features of their images, of \`florigen features\`. The
run ends with RUN/encoder.safetensors. Ctrl-C finishes the step in hand and saves; --resume goes on bit for bit.

Examples:
  florigen encoder train --data data/flowers.safetensors --run runs/encoder
  florigen encoder train --preset sje-coco --data data/photos.safetensors
  florigen encoder train --resume runs/encoder`;

const evaluateHelp = `
ENCODER is a file of \`encoder train\` or \`encoder import\`, the run folder of either kind of training (of an encoder's
once it is finished), a bundle, or \`n-grams\`. Classes are known by the mean of their captions' embeddings: how many
images are given to the right one, and how many of the first 1, 5, 10, 50 images of each are of it. On the built-in
flowers also what a linear classifier reads from embeddings, whether a paraphrase lies nearer than a changed caption,
and what color words alone achieve. docs/evaluation.md is the measure. Choices are made on validation classes; test
classes are for the last figure alone.

Examples:
  florigen encoder evaluate runs/encoder --data data/flowers.safetensors --split validation
  florigen encoder evaluate encoder.safetensors --data data/flowers.safetensors --out report.md`;

/** The flags of the option schema are added only where a command of this group is called. */
export async function addEncoderCommands(
  program: Command,
  session: Session,
  { withSchema }: { withSchema: boolean },
): Promise<void> {
  const encoder = program.command('encoder').summary('text encoders: sentences to embeddings');
  encoder.description(
    'A text encoder is one file; a bundle carries the one that its generator was trained with.',
  );

  const importer = encoder
    .command('import')
    .description("Read somebody else's text encoder, and say precisely what was found.")
    .argument('<file>', 'a Torch7 file or a state dict of PyTorch')
    .option('--out <encoder>', 'the file to write')
    .option('--lower-case', 'read characters as the PyTorch port does, not as the authors')
    .option('--force', 'replace the file where one exists')
    .addOption(jsonOption())
    .addHelpText('after', importHelp);
  session.bind(importer, () => import('../actions/encoder-import.js'));

  const train = runCommand(encoder, {
    description: 'Train a text encoder on a packed data set.',
    preset: 'sje-small',
    help: trainHelp,
  });
  if (withSchema) {
    const [{ OptionFlags }, options, { encoderPresets }] = await Promise.all([
      import('../option-flags.js'),
      import('../../models/encoder-options.js'),
      import('../../models/encoder-presets.js'),
    ]);
    const defaults = { preset: 'sje-small', ...encoderPresets['sje-small']!.options };
    const flags = new OptionFlags(train, options.encoderFields(), defaults);
    session.bind(
      train,
      () => import('../actions/encoder-train.js'),
      () => ({ overrides: flags.read() }),
    );
  }

  addEvaluate(encoder, session);

  const embed = encoder
    .command('embed')
    .description('Print the embeddings of sentences, one JSON line each.')
    .argument('<encoder>', 'a file of `encoder train` or `encoder import`')
    .argument('<sentences...>', 'the sentences')
    .addOption(jsonOption());
  session.bind(embed, () => import('../actions/encoder-embed.js'));
}

function addEvaluate(encoder: Command, session: Session): void {
  const evaluate = encoder
    .command('evaluate')
    .description('Does the encoder know which picture a sentence means? On classes that it has not seen.')
    .argument('<encoder>', 'a file, a run folder, a bundle, or `n-grams`')
    .requiredOption('--data <pack>', 'the data set')
    .addOption(
      new Option('--split <name>', 'the classes to measure on')
        .choices(['validation', 'test'])
        .default('test'),
    )
    .option('--features <file>', 'image features (default: those beside the pack)')
    .option('--out <file>', 'also write the whole report there, as .md or .json')
    .option('--strict', 'exit code 1 where a bar is missed')
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', evaluateHelp);
  session.bind(evaluate, () => import('../actions/encoder-evaluate.js'));
}
