/**
 * Trains a run in a process of its own until it is whole, as the command line does: begins it or goes on with it,
 * and on SIGINT ends after the step in hand. Arguments: run folder, pack, options as JSON. Prints a line per step.
 */
import fs from 'node:fs';
import path from 'node:path';
import { GanTrainer } from '../../../ts/index';

async function main([runFolder, pack, options]: string[]): Promise<void> {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const begun = fs.existsSync(path.join(runFolder!, 'options.json'));
  const trainer = begun
    ? await GanTrainer.resume(runFolder!)
    : await GanTrainer.create({ data: pack!, options: JSON.parse(options!), runFolder: runFolder! });
  console.log(`at ${trainer.position.step}`);
  while (!trainer.done && !controller.signal.aborted)
    await trainer.trainEpoch({
      signal: controller.signal,
      onProgress: ({ step }) => console.log(`step ${step}`),
    });
  const { done } = trainer;
  await trainer.dispose();
  console.log(done ? 'done' : 'stopped');
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
