import fs from 'node:fs';
import path from 'node:path';
import type { Dataset } from '../../data/dataset';
import { GanTrainer } from '../../training/gan-trainer';
import type { Action, CommandContext } from '../context';
import { demoPack, isWholeBundle } from '../demo/data';
import { drawDemo } from '../demo/draw';
import { estimateSeconds, estimateText } from '../demo/estimate';
import { type DemoPaths, type DemoSettings, demoPaths, openDemoFolder } from '../demo/settings';
import { demoTraining } from '../demo/training';
import { count, duration } from '../format';
import { embeddingProgress, trainToEnd } from '../train-run';

interface Options {
  out: string;
  images: number;
  hybrids?: number;
  steps: number;
  seed: number;
  fresh?: boolean;
  threads?: number;
}

export const run: Action<Options> = async (context, options) => {
  const { output } = context;
  const { images, hybrids = images, steps, seed } = options;
  const settings: DemoSettings = { images, hybrids, steps, seed };
  const paths = demoPaths(options.out);
  const started = performance.now();
  const state = await openDemoFolder(paths, settings, options.fresh === true);
  await announce(context, paths, settings, state);
  const { signal } = context.listen('finishing what is in hand, then saving.');
  const dataset = await demoPack(output, paths, { ...settings, signal });
  const task = { dataset, paths, settings, signal, threads: options.threads };
  if (!(await train(context, task))) return undefined;
  const prompts = await drawDemo(output, task);
  const seconds = (performance.now() - started) / 1000;
  const { pictures, bundle, folder } = paths;
  output.result('demo', { folder, pictures, bundle, prompts, seconds }, closing(paths, seconds));
  return undefined;
};

async function announce(
  { output }: CommandContext,
  paths: DemoPaths,
  settings: DemoSettings,
  state: 'begun' | 'continued',
): Promise<void> {
  output.event('estimate', { ...settings, folder: paths.folder, state, ...estimateSeconds(settings) });
  if (await isWholeBundle(paths, settings)) {
    output.remark(
      `The demo in ${paths.folder} is whole, so its pictures are drawn again. --fresh begins anew.`,
    );
    return;
  }
  output.remark(
    `${flowersText(settings)}, ${count(settings.steps)} steps of training, then pictures. ${estimateText(settings)}\n` +
      'Sentences are read by the char-CNN-RNN that comes with florigen, trained on the training species.\n' +
      (state === 'continued'
        ? `Continuing what is in ${paths.folder}.`
        : `Everything goes into ${paths.folder}. Ctrl-C saves; the same command continues.`),
  );
}

const flowersText = ({ images, hybrids }: DemoSettings) =>
  `${count(images + hybrids)} flowers${hybrids === 0 ? '' : `, ${count(hybrids)} of them hybrids`}`;

interface Task {
  dataset: Dataset;
  paths: DemoPaths;
  settings: DemoSettings;
  signal: AbortSignal;
  threads: number | undefined;
}

/** @returns false where it was stopped */
async function train(context: CommandContext, task: Task): Promise<boolean> {
  const { output } = context;
  const { dataset, paths, settings, signal, threads } = task;
  if (await isWholeBundle(paths, settings)) return true;
  const hooks = { data: dataset, signal, onEmbedding: embeddingProgress(output) };
  const machine = threads === undefined ? {} : { threads };
  const { steps, seed } = settings;
  const options = { ...demoTraining, steps, seed, ...machine };
  const isBegun = fs.existsSync(path.join(paths.folder, 'options.json'));
  const trainer = isBegun
    ? await GanTrainer.resume(paths.folder, { ...hooks, options: machine })
    : await GanTrainer.create({ ...hooks, options, runFolder: paths.folder });
  try {
    output.notice(trainer.notice);
    if (!trainer.done)
      output.remark(`A grid of samples after each epoch: ${path.join(paths.folder, 'samples')}`);
    if ((await trainToEnd(output, trainer, signal)) === 'stopped') {
      reportStopped(context, trainer, paths);
      return false;
    }
    await trainer.exportBundle(paths.bundle);
    return true;
  } finally {
    await trainer.dispose();
  }
}

function reportStopped({ output }: CommandContext, trainer: GanTrainer, { folder }: DemoPaths): void {
  const { step } = trainer.position;
  const command = folder === 'runs/demo' ? 'npm start' : `florigen demo --out ${folder}`;
  const text = `Saved at step ${count(step)} of ${count(trainer.schedule.stepCount)}. Continue with:\n  ${command}`;
  output.result('stopped', { folder, step, command }, text);
}

function closing({ folder, pictures, bundle }: DemoPaths, seconds: number): string {
  const command = 'npx florigen';
  return `
Done in ${duration(seconds)}. The pictures are in ${pictures}

What to try next:
  ${command} generate --model ${bundle} --prompt "a sentence of yours" --out mine.png
  ${command} train --help                    other presets, every option as a flag
  ${command} dataset import FOLDER --out data/mine.safetensors    your own pictures and captions
The run, with its samples and loss curves, is in ${folder}`.trimStart();
}
