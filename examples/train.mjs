// Trains a text-to-image GAN, an epoch a turn, then draws with it.
// node examples/train.mjs data/flowers.safetensors runs/example [steps]
import { writeFile } from 'node:fs/promises';
import { GanTrainer, Generator } from 'florigen';

const [data, runFolder, steps = 900] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const options = { preset: 'small', steps: Number(steps) };
const trainer = await GanTrainer.create({ data, runFolder, options });
while (!trainer.done && !stop.signal.aborted) {
  const { epoch, step, means, imagesPerSecond } = await trainer.trainEpoch({ signal: stop.signal });
  console.log(
    `epoch ${epoch}, step ${step}: generator ${means.adversarialLoss}, ${imagesPerSecond} images/s`,
  );
}
const bundle = await trainer.exportBundle();
await trainer.dispose();

const generator = await Generator.load(bundle.path);
const [image] = await generator.generate({ prompts: 'a violet flower with a yellow center', seed: 1 });
await writeFile(`${runFolder}/flower.png`, await image.toPng());
await generator.dispose();
