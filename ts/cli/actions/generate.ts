import { Generator } from '../../models/generator';
import { packagedModel } from '../../models/packaged';
import { checkedPrompts } from '../../models/prompts';
import type { Action, CommandContext } from '../context';
import { count as shown } from '../format';
import { checkGridSize, outputKind, type Picture, PictureFolder, writeGrid } from '../picture-output';

interface Options {
  model?: string;
  prompt: string[];
  count: number;
  seed: number;
  out: string;
  device: 'auto' | 'cpu' | 'cuda';
  threads?: number;
}

const chunk = 32;

type Chosen = Options & { model: string };

export const run: Action<Options> = async (context, given) => {
  const options = { ...given, model: given.model ?? modelInTheBox(context) };
  const prompts = checkedPrompts(options.prompt, '--prompt');
  const kind = await outputKind(options.out);
  if (kind === 'grid') checkGridSize(prompts.length * options.count);
  const generator = await Generator.load(options.model, options);
  try {
    context.output.notice(generator.notice);
    const pictures = draw(context, generator, { ...options, prompts });
    await (kind === 'grid' ? toGrid(context, pictures, options) : toFolder(context, pictures, options));
  } finally {
    await generator.dispose();
  }
  return undefined;
};

function modelInTheBox({ output }: CommandContext): string {
  output.remark('No --model is given, so the one that comes with florigen draws: it was trained on flowers.');
  return packagedModel;
}

/** Some dozens at a time, so that progress moves and a stop is quick. */
async function* draw(
  context: CommandContext,
  generator: Generator,
  { prompts, count, seed }: { prompts: string[]; count: number; seed: number },
): AsyncGenerator<Picture> {
  const { signal } = context.listen('stopping.');
  const progress = context.output.progress({
    title: 'Drawing',
    unit: 'pictures',
    total: prompts.length * count,
  });
  let done = 0;
  try {
    for (const prompt of prompts)
      for (let first = 0; first < count; first += chunk) {
        signal.throwIfAborted();
        const part = {
          prompts: [prompt],
          count: Math.min(chunk, count - first),
          seed: (seed + first) % 2 ** 32,
        };
        for (const picture of await generator.generate(part)) {
          yield picture;
          progress.update(++done);
        }
      }
  } finally {
    progress.end();
  }
}

async function toGrid(
  context: CommandContext,
  source: AsyncGenerator<Picture>,
  options: Chosen,
): Promise<void> {
  const pictures: Picture[] = [];
  for await (const picture of source) pictures.push(picture);
  const columns = options.count === 1 ? Math.min(6, pictures.length) : Math.min(8, options.count);
  const seeds = options.count === 1 ? `seed ${options.seed}` : `seeds from ${options.seed} on`;
  await writeGrid(options.out, pictures, {
    columns,
    title: '',
    subtitle: `${nameOf(options.model)}, ${seeds}`,
  });
  const list = pictures.map(({ prompt, seed }) => ({ prompt, seed }));
  const text = `${shown(pictures.length)} pictures are in ${options.out}`;
  context.output.result('grid', { path: options.out, pictures: list }, text);
}

async function toFolder(
  context: CommandContext,
  source: AsyncGenerator<Picture>,
  options: Chosen,
): Promise<void> {
  const folder = new PictureFolder(options.out);
  let pictures = 0;
  for await (const picture of source) {
    await folder.add(picture);
    pictures += 1;
  }
  const manifest = await folder.finish({
    model: nameOf(options.model),
    seed: options.seed,
    count: options.count,
  });
  const text = `${shown(pictures)} pictures are in ${options.out}; ${manifest} says which is which`;
  context.output.result('folder', { path: options.out, manifest, pictures }, text);
}

/** What a file without a place of the user's own is called. */
function nameOf(model: string): string {
  return model === packagedModel ? 'the model in the box' : model;
}
