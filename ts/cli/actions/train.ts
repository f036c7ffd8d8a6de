import fs from 'node:fs';
import path from 'node:path';
import { Dataset } from '../../data/dataset';
import { UsageError } from '../../errors';
import type { TrainingInput } from '../../models/config';
import type { OptionTree } from '../../models/options-config';
import { GanTrainer } from '../../training/gan-trainer';
import type { Action, CommandContext } from '../context';
import { refuseBesideEncoder, refuseUnchosenEncoder } from '../encoder-choice';
import { ExitCode } from '../exit-codes';
import { count } from '../format';
import { packFlowers } from '../pack-flowers';
import { embeddingProgress, trainToEnd } from '../train-run';
import { freshRunFolder, trainingOptions } from '../training-input';

interface Options {
  data?: string;
  run?: string;
  resume?: string;
  config?: string;
  overrides: OptionTree;
}

const builtInPack = 'data/flowers.safetensors';

export const run: Action<Options> = async (context, options) => {
  const { signal } = context.listen('finishing the step in hand, then saving.');
  const { trainer, folder } = await (options.resume === undefined
    ? begin(context, options, signal)
    : resume(context, { ...options, resume: options.resume }, signal));
  try {
    context.output.notice(trainer.notice);
    context.output.remark(`${describeRun(trainer)}\nThe run is in ${folder}`);
    const end = await trainToEnd(context.output, trainer, signal);
    return await (end === 'done'
      ? reportDone(context, trainer, folder)
      : reportStopped(context, trainer, folder));
  } finally {
    await trainer.dispose();
  }
};

type Opened = { trainer: GanTrainer; folder: string };

async function begin(context: CommandContext, options: Options, signal: AbortSignal): Promise<Opened> {
  const training = await trainingOptions(options.overrides, options.config);
  refuseBesideEncoder(options, training);
  const folder = options.run ?? freshRunFolder(training.preset);
  const given = options.data ?? training.data.pack;
  if (given === undefined) await ensureBuiltInPack(context, signal);
  const onEmbedding = embeddingProgress(context.output);
  const data = await Dataset.open(given ?? builtInPack);
  if (given !== undefined) await refuseUnchosenEncoder(data, options, training);
  const trainer = await GanTrainer.create({
    data,
    options: training,
    runFolder: folder,
    signal,
    onEmbedding,
  });
  return { trainer, folder };
}

async function resume(
  context: CommandContext,
  options: Options & { resume: string },
  signal: AbortSignal,
): Promise<Opened> {
  for (const name of ['run', 'config'] as const)
    if (options[name] !== undefined)
      throw new UsageError(`\`--${name}\` must be left out with --resume, but is ${options[name]} instead`, {
        hint: 'A resumed run keeps its folder and its options; its length may be changed by --steps or --epochs.',
      });
  const settings = { data: options.data, options: options.overrides as TrainingInput, signal };
  const onEmbedding = embeddingProgress(context.output);
  const trainer = await GanTrainer.resume(options.resume, { ...settings, onEmbedding });
  return { trainer, folder: options.resume };
}

async function ensureBuiltInPack({ output }: CommandContext, signal: AbortSignal): Promise<void> {
  if (fs.existsSync(builtInPack)) return;
  output.remark(`No --data is given, so the built-in flowers are packed first, into ${builtInPack}`);
  await fs.promises.mkdir(path.dirname(builtInPack), { recursive: true });
  await packFlowers(output, { path: builtInPack, images: 'all', sizes: [76], seed: 0, signal });
}

function describeRun({ options, dataset, schedule, position, device }: GanTrainer): string {
  const { preset, family, batchSize, fineTune } = options;
  const length = `${count(schedule.stepCount)} steps (${count(schedule.epochCount)} epochs) of ${batchSize} images`;
  const from = position.step > 0 ? `, from step ${count(position.step)} on` : '';
  const learns = fineTune === undefined ? '' : '; the text encoder learns with it';
  return `Training ${family} (preset ${preset}) on ${dataset.metadata.name}: ${length}${from}, on ${device}${learns}`;
}

async function reportDone({ output }: CommandContext, trainer: GanTrainer, folder: string) {
  const bundle = await trainer.exportBundle();
  const { stepCount } = trainer.schedule;
  output.result(
    'trained',
    { run: folder, step: stepCount, bundle: bundle.path },
    `Trained for ${count(stepCount)} steps. Samples: ${path.join(folder, 'samples')}. Draw with:\n` +
      `  florigen generate --model ${folder} --prompt "a red flower with a yellow center" --out picture.png`,
  );
  return ExitCode.ok;
}

function reportStopped({ output }: CommandContext, trainer: GanTrainer, folder: string): undefined {
  const { step } = trainer.position;
  const command = `florigen train --resume ${folder}`;
  output.result(
    'stopped',
    { run: folder, step, command },
    `Saved at step ${count(step)}. Continue with:\n  ${command}`,
  );
}
