import { UsageError } from '../errors';
import type { OptionsConfig, OptionTree } from '../models/options-config';
import type { TrainerCreateOptions, TrainerResumeOptions } from '../training/trainer-types';
import type { CommandContext } from './context';
import { count } from './format';
import { type Trainable, trainToEnd } from './train-run';
import { freshRunFolder, optionsOf } from './training-input';

/** The flags of `encoder train` and `features train`. */
export interface NetworkRunOptions {
  data?: string;
  run?: string;
  resume?: string;
  config?: string;
  overrides: OptionTree;
}

type NetworkTrainer = Trainable<string> & {
  dataset: { metadata: { name: string } };
  device: string;
  notice: string;
  runFolder: string;
  dispose(): Promise<void>;
};

/** Begins or resumes a run, trains it to its end, and lets `finish` write what it leaves. */
export async function runNetwork<Options extends { preset: string }, Made extends NetworkTrainer>(
  { output, listen }: CommandContext,
  given: NetworkRunOptions,
  kind: {
    name: 'encoder' | 'features';
    config: OptionsConfig<Options>;
    create(settings: TrainerCreateOptions<object>): Promise<Made>;
    resume(folder: string, settings: TrainerResumeOptions<object>): Promise<Made>;
    finish(trainer: Made): Promise<void>;
  },
): Promise<undefined> {
  const { signal } = listen('finishing the step in hand, then saving.');
  const trainer = await open(given, kind, signal);
  try {
    output.notice(trainer.notice);
    const steps = count(trainer.schedule.stepCount);
    output.remark(
      `Training on ${trainer.dataset.metadata.name}: ${steps} steps, on ${trainer.device}\nThe run is in ${trainer.runFolder}`,
    );
    if ((await trainToEnd(output, trainer, signal)) === 'done') {
      await kind.finish(trainer);
      return undefined;
    }
    const { step } = trainer.position;
    const command = `florigen ${kind.name} train --resume ${trainer.runFolder}`;
    output.result(
      'stopped',
      { run: trainer.runFolder, step, command },
      `Saved at step ${count(step)}. Continue with:\n  ${command}`,
    );
    return undefined;
  } finally {
    await trainer.dispose();
  }
}

async function open<Options extends { preset: string }, Made>(
  given: NetworkRunOptions,
  kind: {
    name: string;
    config: OptionsConfig<Options>;
    create(settings: TrainerCreateOptions<object>): Promise<Made>;
    resume(folder: string, settings: TrainerResumeOptions<object>): Promise<Made>;
  },
  signal: AbortSignal,
): Promise<Made> {
  const data = given.data === undefined ? {} : { data: given.data };
  if (given.resume === undefined) {
    const options = await optionsOf(kind.config, given.overrides, given.config);
    const runFolder = given.run ?? freshRunFolder(`${kind.name}-${options.preset}`);
    return await kind.create({ ...data, options: options as object, runFolder, signal });
  }
  for (const name of ['run', 'config'] as const)
    if (given[name] !== undefined)
      throw new UsageError(`\`--${name}\` must be left out with --resume, but is ${given[name]} instead`);
  return await kind.resume(given.resume, { ...data, options: given.overrides, signal });
}
