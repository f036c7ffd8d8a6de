'use strict';
/**
 * `npm run models [-- encoder|reader|model|sheet]`: makes what lies in models/, from nothing: the built-in flowers, alone and with
 * hybrids, mixed ones, a feature network, the char-CNN-RNN (models/flowers-encoder.safetensors) and the model in the box
 * (models/flowers.safetensors) with its report in docs/reports/ and its sheet in docs/images/. What is there of an
 * earlier run in build/models/ is taken up again. Needs the set-up (`npm install`); docs/models.md says how long it
 * takes.
 */
const { existsSync, mkdirSync } = require('node:fs');
const { join } = require('node:path');
const { main, SetupError } = require('./lib/console.cjs');
const { root, run } = require('./lib/process.cjs');

const work = join('build', 'models');
/** Species and hybrids. */
const pack = join(work, 'flowers-and-hybrids.safetensors');
const mixed = join(work, 'mixed.safetensors');
const encoderFile = join('models', 'flowers-encoder.safetensors');
const featuresFile = join('models', 'flowers-features.safetensors');
const modelFile = join('models', 'flowers.safetensors');
/** Reads number and shape of petals in acceptance; it guides nobody, so it is another network than that above. */
const readerFile = join('test', 'accept', 'reader.safetensors');
const features = join(work, 'features');
const featureNetwork = join(features, 'features-network.safetensors');
const reader = join(work, 'reader');
const encoder = join(work, 'encoder');
const model = join(work, 'model-with-hybrids');

const florigen = (title, ...flags) => run(title, process.execPath, ['bin/florigen.js', ...flags]);
/** Of this process, whatever a run began with. */
const ownThreads = { options: { threads: 0 } };
const at = (file) => existsSync(join(root, file));

async function makePack(title, file, ...flags) {
  if (!at(file)) await florigen(title, 'dataset', 'build', '--out', file, ...flags);
}

/** Goes on with the run in `folder`, or begins it. */
async function train(title, command, folder, flags, data) {
  const begun = at(join(folder, 'options.json'));
  const way = begun ? ['--resume', folder] : ['--run', folder, '--data', data, ...flags];
  await florigen(title, ...command, ...way);
}

/** Beside all 8,189 flowers; of another seed than the mixed flowers, so none is among those that features saw. */
const hybrids = ['--hybrids', '6000'];

/** Pictures for the feature network to learn to see from. */
const mixedFlowers = ['--mixed', '--images', '20000', '--seed', '1'];

/** Trains a feature network in `folder` unless it is there, and writes it to `file` in half precision. */
async function makeFeatureNetwork(title, folder, file, flags) {
  await makePack('Mixed flowers', mixed, ...mixedFlowers);
  if (!at(join(folder, 'features-network.safetensors')))
    await train(title, ['features', 'train'], folder, flags, mixed);
  const { FeatureTrainer } = require('../lib');
  const trainer = await FeatureTrainer.resume(join(root, folder), ownThreads);
  try {
    console.log((await trainer.exportNetwork(join(root, file), { half: true })).path);
  } finally {
    await trainer.dispose();
  }
}

const makeReader = () => makeFeatureNetwork('The network that reads', reader, readerFile, ['--seed', '2']);

async function makeEncoder() {
  await makePack('The flowers', pack, ...hybrids);
  await makeFeatureNetwork('The feature network', features, featuresFile, []);
  await florigen('Its features', 'features', 'extract', pack, '--network', featureNetwork);
  if (!at(join(encoder, 'encoder.safetensors')))
    await train('The text encoder', ['encoder', 'train'], encoder, [], pack);
  const { TextEncoderTrainer } = require('../lib');
  const trainer = await TextEncoderTrainer.resume(join(root, encoder), ownThreads);
  try {
    const { path, fingerprint } = await trainer.exportEncoder(join(root, encoderFile), { half: true });
    console.log(`${path}: ${fingerprint}`);
  } finally {
    await trainer.dispose();
  }
  const report = join('docs', 'reports', 'encoder-in-the-box.md');
  await florigen('Its evaluation', 'encoder', 'evaluate', encoderFile, '--data', pack, '--out', report);
}

/**
 * The preset `small`, wider and for twice as long, its learning rate cut at half of it, and guided as the demo is
 * (docs/decisions.md).
 */
const atLength = [
  ...['--generator-features', '48', '--discriminator-features', '48'],
  ...['--steps', '3000', '--learning-rate-decay-every', '5'],
  ...['--guide-weight', '2', '--guide-critic-weight', '4', '--guide-network', featuresFile],
  ...['--data-group-size', '4', '--adam-learning-rate', '6e-4', '--mode-seeking-weight', '0.3'],
];

async function makeModel() {
  for (const file of [encoderFile, featuresFile])
    if (!at(file)) throw new SetupError(`${file} is missing; run \`npm run models -- encoder\``);
  if (!at(readerFile)) throw new SetupError(`${readerFile} is missing; run \`npm run models -- reader\``);
  const bundle = join(model, 'bundle.safetensors');
  await makePack('The flowers', pack, ...hybrids);
  if (!at(bundle)) await train('The model', ['train'], model, ['--encoder', encoderFile, ...atLength], pack);
  await florigen('Its bundle', 'export', model, '--half', '--force', '--out', modelFile);
  const measured = ['--model', modelFile, '--data', pack, '--split', 'test', '--features', readerFile];
  const report = join('docs', 'reports', 'attributes-model-in-the-box.md');
  await florigen('Its evaluation', 'evaluate', 'attributes', ...measured, '--out', report);
}

/** The picture of the README: the demo's sentences, drawn by the model in the box. */
async function drawSheet() {
  const { Dataset } = require('../lib');
  const { drawDemo } = require('../lib/cli/demo/draw');
  const { openModelFile } = require('../lib/models/model-file');
  const dataset = await Dataset.open(join(root, pack));
  const { provenance } = await openModelFile(join(root, modelFile));
  const made = dataset.metadata.generator.hybrids;
  const pictures = join(root, work, 'sheet.png');
  await drawDemo(
    { progress: () => ({ update() {}, end() {} }) },
    {
      dataset,
      paths: { bundle: join(root, modelFile), pictures },
      settings: { images: dataset.imageCount - made, hybrids: made, steps: provenance.step, seed: 0 },
      threads: undefined,
      signal: new AbortController().signal,
    },
  );
  const sheet = join(root, 'docs', 'images', 'box.jpg');
  await require('sharp')(pictures).jpeg({ quality: 88 }).toFile(sheet);
  console.log(sheet);
}

const parts = { encoder: makeEncoder, reader: makeReader, model: makeModel, sheet: drawSheet };

main(async () => {
  const asked = process.argv.slice(2);
  for (const name of asked)
    if (!Object.hasOwn(parts, name))
      throw new SetupError(`\`${name}\` must be encoder, reader, model or sheet`);
  for (const folder of [work, 'models']) mkdirSync(join(root, folder), { recursive: true });
  for (const name of asked.length === 0 ? Object.keys(parts) : asked) await parts[name]();
});
