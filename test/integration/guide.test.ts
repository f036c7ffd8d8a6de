/** GANs that a feature network guides: state, files, resumption. What a step computes: test/native. */
import fs from 'node:fs';
import path from 'node:path';
import { Checkpoint, Dataset, FeatureTrainer, GanTrainer, type TrainingInput } from '../../ts/index';
import { FeatureNetwork } from '../../ts/models/feature-network';
import { openModelFile } from '../../ts/models/model-file';
import { networkOf } from '../../ts/models/network-options';
import { guideSizes } from '../../ts/models/network-sizes';
import { filesOf, metricsOf, newestTensors, tensorsOf } from '../unit/training/support/run-contents';
import { tinyFeatures } from './support/tiny-networks';
import { tinyFolder, tinyOptions } from './support/tiny-run';

jest.setTimeout(120_000);

let folder: string;
let pack: string;
let network: string;
/** The same network in half precision. */
let half: string;
let count = 0;
const fresh = () => path.join(folder, `run-${count++}`);

beforeAll(async () => {
  ({ folder, pack } = await tinyFolder());
  await using trainer = await FeatureTrainer.create({
    data: await Dataset.open(pack),
    options: { ...tinyFeatures, epochs: 1 },
    runFolder: path.join(folder, 'features'),
  });
  while (!trainer.done) await trainer.trainEpoch();
  network = (await trainer.exportNetwork()).path;
  half = (await trainer.exportNetwork(path.join(folder, 'half.safetensors'), { half: true })).path;
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const create = (options: TrainingInput = {}, runFolder = fresh()) =>
  GanTrainer.create({
    data: pack,
    options: {
      ...tinyOptions,
      data: { splits: 'training', groupSize: 2 },
      guide: { weight: 2, temperature: 0.2, criticWeight: 0.5, network },
      ...options,
    } as TrainingInput,
    runFolder,
  });

test('stopped and resumed, also where the file of the network is gone, a run ends bit for bit the same', async () => {
  const [whole, cut] = [fresh(), fresh()];
  {
    await using trainer = await create({}, whole);
    while (!trainer.done) await trainer.trainEpoch();
  }
  const copy = path.join(folder, 'copy.safetensors');
  fs.copyFileSync(network, copy);
  {
    await using trainer = await create(
      { guide: { weight: 2, temperature: 0.2, criticWeight: 0.5, network: copy } },
      cut,
    );
    await trainer.trainEpoch();
  }
  fs.rmSync(copy);
  {
    await using trainer = await GanTrainer.resume(cut);
    while (!trainer.done) await trainer.trainEpoch();
  }
  const ofGuide = async (run: string) => {
    const { file } = await newestTensors(run);
    return (await Checkpoint.open(path.join(run, 'checkpoints', file!))).model.provenance.guide;
  };
  expect(await ofGuide(whole)).toBeDefined();
  expect(await ofGuide(cut)).toEqual(await ofGuide(whole));
  expect(await newestTensors(cut)).toEqual(await newestTensors(whole));
  expect(metricsOf(cut)).toEqual(metricsOf(whole));
  const others = (files: Record<string, unknown>) =>
    Object.keys(files).filter((name) => name !== 'options.json');
  expect(others(filesOf(cut))).toEqual(others(filesOf(whole)));
  for (const line of metricsOf(whole)) {
    expect(line.guideLoss).toBeGreaterThan(0);
    expect(line.generatorGuideLoss).toBeGreaterThan(0);
    expect(line.criticLoss).toBeGreaterThan(0);
    expect(line.generatorCriticLoss).toBeGreaterThan(0);
  }
});

test('the eyes are those of the file and never move; options name them, and shared files not where they lay', async () => {
  await using trainer = await create();
  await trainer.trainEpoch();
  const { path: bundle } = await trainer.exportBundle();
  await using seeing = await FeatureNetwork.load(half);
  const { provenance } = await openModelFile(bundle);
  const { trainedClasses, pack: seen } = seeing.provenance!;
  expect(provenance.guide).toMatchObject({ fingerprint: seeing.trunk, trainedClasses, pack: seen });
  const checkpoint = await Checkpoint.open(await trainer.save());
  const [inRun, inFile] = [await tensorsOf(checkpoint.path), await tensorsOf(network)];
  const eyes = Object.entries(inFile).filter(([name]) => !name.startsWith('heads.'));
  expect(eyes.length).toBeGreaterThan(50);
  for (const [name, hash] of eyes)
    expect({ name, hash: inRun[`guide.eyes.${name}`] }).toEqual({ name, hash });
  const { guide } = trainer.options;
  expect(guide).toMatchObject({
    network: path.resolve(network),
    architecture: 'googlenet-small',
    inputSize: 32,
  });
  expect(JSON.stringify(checkpoint.options)).not.toContain(folder);
  expect(Object.keys(await tensorsOf(bundle)).filter((name) => name.startsWith('guide'))).toEqual([]);

  const parameters = [...checkpoint.model.file.tensors]
    .filter(([name]) => name.startsWith('adam.guide.head.exp_avg.'))
    .reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const sizes = guideSizes(
    { architecture: 'googlenet-small', inputSize: 32, criticWeight: 0.5 },
    networkOf(trainer.options, 32),
  );
  expect(parameters).toBe(sizes.head.parameters);
});

test('without a guide a checkpoint has nothing of it, and a file that is none is refused before the folder', async () => {
  await using trainer = await create({ guide: { weight: 0 } });
  const { model } = await Checkpoint.open(await trainer.save());
  expect([...model.file.tensors.keys()].filter((name) => name.includes('guide'))).toEqual([]);

  const runFolder = fresh();
  await expect(create({ guide: { weight: 1, network: pack } }, runFolder)).rejects.toMatchObject({
    message: expect.stringContaining(pack),
  });
  expect(fs.existsSync(runFolder)).toBe(false);
});
