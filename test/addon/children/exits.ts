/**
 * `exits.ts MODE DATA_OPTIONS`: brings a long run under way and ends in one of the ways of the table below. Prints
 * "started" when the run has done its first step.
 */
import { loadAddon } from '../../../ts/native/load';
import { testDevice } from '../../support/device';
import { tinyPlan, tinySentences } from '../support/tiny-gan';

const [mode, encodedOptions] = process.argv.slice(2) as [string, string];
const options = JSON.parse(encodedOptions);
const say = (text: string) => process.stdout.write(`${text}\n`);
const addon = loadAddon({ device: testDevice });

async function startRun(steps: number) {
  addon.configureRuntime({ threads: 1 });
  const trainer = await addon.createGanTrainer(options);
  return new Promise<{ trainer: typeof trainer; done: Promise<unknown> }>((resolve) => {
    const done = addon.trainerRun(trainer, tinyPlan(steps), { first: 0, last: steps, jobId: 1 }, () => {
      say('started');
      resolve({ trainer, done });
    });
    if (mode === 'queue') {
      for (let index = 0; index < 20; ++index)
        addon.ganTrainerSample(trainer, ...tinySentences(2)).catch(() => {});
    }
  });
}

const forever = 100_000;
const modes: Record<string, () => Promise<void>> = {
  exit: async () => {
    await startRun(forever);
    process.exit(3);
  },
  queue: async () => {
    await startRun(forever);
    process.exit(0);
  },
  throw: async () => {
    await startRun(forever);
    setImmediate(() => {
      throw new Error('uncaught on purpose');
    });
  },
  rejection: async () => {
    await startRun(forever);
    Promise.reject(new Error('rejected on purpose'));
  },
  natural: async () => {
    const { done } = await startRun(20);
    done.then(() => say('finished'));
  },
  'exit-while-creating': async () => {
    addon.configureRuntime({ threads: 1 });
    addon.createGanTrainer(options).catch(() => {});
    process.exit(0);
  },
  'exit-code': async () => {
    const { done } = await startRun(5);
    await done;
    process.exitCode = 7;
  },
  signal: async () => {
    await startRun(forever);
  },
  'handled-signal': async () => {
    process.on('SIGTERM', () => process.exit(143));
    await startRun(forever);
  },
  stop: async () => {
    const { trainer, done } = await startRun(forever);
    addon.stopEngine();
    addon.stopEngine();
    say(JSON.stringify(await done));
    await addon.disposeHandle(trainer);
    await addon.createGanTrainer(options).catch(({ code }) => say(code));
  },
};

modes[mode]!();
