import { type Command, Option } from 'commander';
import type { Session } from '../context';
import { jsonOption, seedOption, wholeNumber, wholeNumbers } from './values';

const buildHelp = `
102 species in 62 training, 20 validation and 20 test classes; ten captions an image; ground truth in the pack.
The same options give the same bytes. All 8,189 images at 76 pixels take under three minutes on two cores.
Mixed flowers are of no species: each attribute is drawn by itself, and none is like a held-out species in colors,
number and shape of petals. A pack of them alone is for \`features train\`, as ImageNet was for the paper's GoogLeNet.
Hybrids are mixed flowers beside the species, for generators: from species alone they learn colors, since two colors
tell number and shape of most of them, and mix neighbors of the palette up.

Examples:
  florigen dataset build
  florigen dataset build --images 500 --sizes 64,128 --seed 3 --out small.safetensors
  florigen dataset build --hybrids 6000 --out data/flowers-and-hybrids.safetensors
  florigen dataset build --mixed --images 16000 --out data/mixed.safetensors`;

const importHelp = `
FOLDER holds pictures (JPEG, PNG, WebP), each with a text file of the same name beside it, one caption a line:
  FOLDER/rose-1.jpg   FOLDER/rose-1.txt
With sub-folders, each sub-folder is a class. What is skipped is counted and named. Every tenth image is held
out; since its class is seen in training, that is no measure of zero-shot drawing.

Example:
  florigen dataset import photos/ --out data/photos.safetensors
  florigen train --data data/photos.safetensors --text-encoder-id hashed-ngrams --run runs/photos`;

export function addDatasetCommands(program: Command, session: Session): void {
  const dataset = program.command('dataset').summary('build, import and look at packed data sets');
  dataset.description('A pack is one immutable file: images, captions, classes and splits.');

  const build = dataset
    .command('build')
    .description('Draw and describe the built-in flowers.')
    .option('--out <file>', 'the pack to write', 'data/flowers.safetensors')
    .option('--images <number|all>', 'how many, hybrids not counted; all is 8,189', imageCount, 'all')
    .option('--mixed', 'flowers of no species alone, to train a feature network on')
    .option(
      '--hybrids <number>',
      'flowers of no species beside the species, to train a generator on',
      wholeNumber('--hybrids', 0, 1_000_000),
      0,
    )
    .option('--sizes <pixels>', 'side lengths, such as 76 or 76,152', wholeNumbers('--sizes', 16, 1024), [76])
    .addOption(seedOption('varies images and captions, never the species'))
    .option('--force', 'replace the pack where one exists')
    .addOption(jsonOption())
    .addHelpText('after', buildHelp);
  session.bind(build, () => import('../actions/dataset-build.js'));

  const importer = dataset
    .command('import')
    .description("Pack a folder of one's own pictures and captions.")
    .argument('<folder>', 'the pictures and their captions')
    .requiredOption('--out <file>', 'the pack to write')
    .option('--sizes <pixels>', 'side lengths to store', wholeNumbers('--sizes', 16, 1024), [76])
    .addOption(
      new Option(
        '--resize <how>',
        'to a square: squash both sides, as the authors did, or crop to the middle',
      )
        .choices(['squash', 'crop'])
        .default('squash'),
    )
    .option('--name <text>', "the pack's name (default: the folder's)")
    .addOption(seedOption('chooses which images are held out'))
    .option('--force', 'replace the pack where one exists')
    .addOption(jsonOption())
    .addHelpText('after', importHelp);
  session.bind(importer, () => import('../actions/dataset-import.js'));

  const embed = dataset
    .command('embed')
    .description('Write the embeddings of all captions beside a pack, named by the encoder.')
    .argument('<pack>', 'a pack of `dataset build` or `dataset import`')
    .requiredOption('--encoder <file|hashed-ngrams>', 'the file of a trained encoder, or hashed-ngrams')
    .addOption(jsonOption());
  session.bind(embed, () => import('../actions/dataset-embed.js'));

  const inspect = dataset
    .command('inspect')
    .description('Say what is in a pack, and draw a contact sheet of images with their captions.')
    .argument('<pack>', 'a pack of `dataset build` or `dataset import`')
    .option('--out <file>', 'the sheet to write (default: PACK with .png instead of .safetensors)')
    .option('--count <number>', 'images on the sheet', wholeNumber('--count', 1, 500), 42)
    .addOption(seedOption('chooses the images'))
    .addOption(jsonOption());
  session.bind(inspect, () => import('../actions/dataset-inspect.js'));
}

function imageCount(text: string): number | 'all' {
  return text === 'all' ? 'all' : wholeNumber('--images', 1, 1_000_000)(text);
}
