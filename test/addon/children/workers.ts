/** `workers.ts MODE DATA_OPTIONS`: what worker threads may do with the engine, and how they may end. */
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { loadAddon } from '../../../ts/native/load';
import { testDevice } from '../../support/device';
import { tinyPlan } from '../support/tiny-gan';

const [mode, encodedOptions] = process.argv.slice(2) as [string, string];
const options = JSON.parse(encodedOptions);
const say = (text: unknown) => process.stdout.write(`${JSON.stringify(text)}\n`);

function startWorker(end: string, more: object = {}): Worker {
  return new Worker(path.join(__dirname, 'worker.ts'), { workerData: { options, end, ...more } });
}

async function firstMessage(worker: Worker): Promise<unknown> {
  return (await once(worker, 'message'))[0];
}

/** One step in this thread: shows that the engine is free and whole. */
async function stepHere(): Promise<unknown> {
  const addon = loadAddon({ device: testDevice });
  addon.configureRuntime({ threads: 1 });
  const trainer = await addon.createGanTrainer(options);
  const result = await addon.trainerRun(trainer, tinyPlan(1), { first: 0, last: 1, jobId: 9 }, () => {});
  await addon.disposeHandle(trainer);
  return result;
}

const modes: Record<string, () => Promise<void>> = {
  terminate: async () => {
    for (let index = 0; index < 15; ++index) {
      const worker = startWorker('wait');
      say(await firstMessage(worker));
      await sleep(index * 3);
      await worker.terminate();
    }
    say(await stepHere());
  },
  'terminate-early': async () => {
    for (let index = 0; index < 10; ++index) {
      const worker = startWorker('wait');
      await once(worker, 'online');
      await sleep(index * 40);
      await worker.terminate();
    }
    say(await stepHere());
  },
  'worker-exit': async () => {
    const worker = startWorker('exit');
    const [code] = await once(worker, 'exit');
    say(code);
    say(await stepHere());
  },
  'worker-throw': async () => {
    const worker = startWorker('throw');
    const [error] = await once(worker, 'error');
    say(error.message);
    say(await stepHere());
  },
  'worker-ends': async () => {
    const worker = startWorker('wait', { steps: 3 });
    const messages: unknown[] = [];
    worker.on('message', (message) => messages.push(message));
    await once(worker, 'exit');
    say(messages);
    say(await stepHere());
  },
  'second-environment': async () => {
    say(await stepHere());
    const worker = startWorker('wait');
    say(await firstMessage(worker));
    say(await stepHere());
  },
  'two-workers': async () => {
    const first = startWorker('wait');
    say(await firstMessage(first));
    const second = startWorker('wait');
    say(await firstMessage(second));
    await first.terminate();
    const third = startWorker('wait');
    say(await firstMessage(third));
    await third.terminate();
  },
  'main-exits': async () => {
    const worker = startWorker('wait');
    say(await firstMessage(worker));
    process.exit(4);
  },
  'main-throws': async () => {
    const worker = startWorker('wait');
    say(await firstMessage(worker));
    throw new Error('uncaught on purpose');
  },
};

modes[mode]!();
