/** A worker that starts a run and then waits, throws or exits, as `workerData.end` says; refusals are told by code. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadAddon } from '../../../ts/native/load';
import { testDevice } from '../../support/device';
import { tinyPlan } from '../support/tiny-gan';

const { options, end, steps = 100_000 } = workerData;

async function main(): Promise<void> {
  const addon = loadAddon({ device: testDevice });
  addon.configureRuntime({ threads: 1 });
  const trainer = await addon.createGanTrainer(options);
  let told = false;
  const run = addon.trainerRun(trainer, tinyPlan(steps), { first: 0, last: steps, jobId: 1 }, () => {
    if (told) return;
    told = true;
    parentPort!.postMessage('started');
    if (end === 'exit') process.exit(5);
    if (end === 'throw') {
      setImmediate(() => {
        throw new Error('uncaught in a worker');
      });
    }
  });
  parentPort!.postMessage(await run);
}

main().catch(({ code, message }) => parentPort!.postMessage(code ?? message));
