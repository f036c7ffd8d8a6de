/** `node --expose-gc collect.ts MODE DATA_OPTIONS`: what garbage collection does with handles that nobody holds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAddon } from '../../../ts/native/load';
import { testDevice } from '../../support/device';
import { tinyPlan } from '../support/tiny-gan';

const [mode, encodedOptions] = process.argv.slice(2) as [string, string];
const options = JSON.parse(encodedOptions);
const addon = loadAddon({ device: testDevice });
addon.configureRuntime({ threads: 1 });

async function collect(): Promise<void> {
  for (let index = 0; index < 3; ++index) {
    (globalThis as { gc?: () => void }).gc!();
    await sleep(20);
  }
}

async function drop(count: number): Promise<void> {
  for (let index = 0; index < count; ++index) await addon.createGanTrainer(options);
}

const megabytes = (bytes: number) => bytes / 2 ** 20;

const modes: Record<string, () => Promise<unknown>> = {
  /** Resident megabytes that many dropped trainers leave when nothing but V8's own knowledge calls for collection. */
  pressure: async () => {
    await drop(1);
    const before = process.memoryUsage().rss;
    let peak = before;
    const count = 40;
    for (let index = 0; index < count; ++index) {
      await drop(1);
      await sleep(1);
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    return { rise: megabytes(peak - before), made: count * megabytes(trainerBytes) };
  },
  /** Resident megabytes after two equal rounds of trainers made and dropped. */
  resident: async () => {
    const rounds = [];
    for (let round = 0; round < 3; ++round) {
      for (let index = 0; index < 6; ++index) {
        await drop(2);
        await collect();
      }
      rounds.push(megabytes(process.memoryUsage().rss));
    }
    return { rounds, trainer: megabytes(trainerBytes) };
  },
  /** A run whose handle nobody holds goes on to its end. */
  running: async () => {
    const start = async () => {
      const trainer = await addon.createGanTrainer(options);
      return { done: addon.trainerRun(trainer, tinyPlan(20), { first: 0, last: 20, jobId: 1 }, () => {}) };
    };
    const { done } = await start();
    await collect();
    return done;
  },
};

let trainerBytes = 0;

async function main(): Promise<void> {
  const trainer = await addon.createGanTrainer(options);
  const sizes = addon.trainerManifest(trainer).map(({ shape, dtype }) => {
    return shape.reduce((product, size) => product * size, /64/.test(dtype) ? 8 : 4);
  });
  trainerBytes = sizes.reduce((sum, size) => sum + size, 0);
  await addon.disposeHandle(trainer);
  process.stdout.write(JSON.stringify({ trainerBytes, result: await modes[mode]!() }));
}

main();
