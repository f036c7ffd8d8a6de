/** `memory.ts NETWORK GAN SMALL_NETWORK`: two objects that are too large and, after them, one that draws an image. */
import { loadAddon } from '../../../ts/native/load';
import { testDevice } from '../../support/device';
import { tinySentences } from '../support/tiny-gan';

const [network, gan, smallNetwork] = process.argv.slice(2).map((text) => JSON.parse(text));
const failure = ({ code, message }: { code: string; message: string }) => ({ code, message });

async function main(): Promise<void> {
  const addon = loadAddon({ device: testDevice });
  addon.configureRuntime({ threads: 1 });
  const failures = [
    await addon.createGenerator(network).catch(failure),
    await addon.createGanTrainer(gan).catch(failure),
  ];
  const generator = await addon.createGenerator(smallNetwork);
  const drawn = await addon.generatorGenerate(generator, ...tinySentences(1));
  process.stdout.write(JSON.stringify([...failures, drawn.length]));
}

main();
