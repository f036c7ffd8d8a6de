import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Dataset } from '../../../ts/data/dataset';
import { FeatureNetwork } from '../../../ts/models/feature-network';
import type { FeatureInput } from '../../../ts/models/feature-options';
import { FeatureTrainer } from '../../../ts/training/feature-trainer';
import { writeSmallPack } from '../../support/small-pack';
import { FakeAddon } from './support/fake-addon';
import { writeTinyPack } from './support/tiny-pack';

let folder: string;
let fake: FakeAddon;
const at = (name: string) => path.join(folder, name);

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-features-'));
  fake = new FakeAddon();
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const create = (data: Dataset, options: FeatureInput) =>
  FeatureTrainer.create(
    { data, options: { batchSize: 2, steps: 1, precision: 'ieee', ...options }, runFolder: at('run') },
    fake.addon,
  );

const classes = () => writeTinyPack(at('pack.safetensors'));
/** One training class, two with the validation images, and an attribute. */
async function attributes(): Promise<Dataset> {
  await writeSmallPack(at('pack.safetensors'));
  return await Dataset.open(at('pack.safetensors'));
}

test.each<[string, () => Promise<Dataset>, FeatureInput, RegExp]>([
  ['classes alone', classes, { classWeight: 0 }, /^`classWeight` must be above 0 for images without attr/],
  [
    'attributes alone',
    attributes,
    { attributeWeight: 0 },
    /^`attributeWeight` must be above 0 for images without classes/,
  ],
  [
    'both',
    attributes,
    { classWeight: 0, attributeWeight: 0, data: { splits: 'trainval' } },
    /^`classWeight` must be above 0 where `attributeWeight` is 0: nothing would be learned, but is 0 instead$/,
  ],
])('a loss without any weight is refused for %s, and leaves no run', async (_, pack, options, message) => {
  await expect(create(await pack(), options)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(message),
  });
  expect(fs.existsSync(at('run'))).toBe(false);
  expect(fake.alive.size).toBe(0);
});

test.each<[string, () => Promise<Dataset>, FeatureInput]>([
  ['a weight of what is not there may be 0', classes, { attributeWeight: 0 }],
  ['one of two weights may be 0', attributes, { classWeight: 0, data: { splits: 'trainval' } }],
])('%s', async (_, pack, options) => {
  await using trainer = await create(await pack(), options);
  expect(trainer.done).toBe(false);
});

test('a network of florigen keeps the side that it was trained with', async () => {
  const trainer = await create(await classes(), { inputSize: 32 });
  await trainer.trainEpoch();
  const { path: file } = await trainer.exportNetwork();
  await trainer.dispose();
  await expect(FeatureNetwork.load(file, { inputSize: 64 }, fake.addon)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(/^`inputSize` must be 32, .*features-network.*, but is 64 instead$/),
    hint: expect.stringContaining('torchvision'),
  });
  await using network = await FeatureNetwork.load(file, { inputSize: 32 }, fake.addon);
  expect(network.network.inputSize).toBe(32);
});
