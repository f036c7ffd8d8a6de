#!/usr/bin/env node
/**
 * Fits the reader of colors on renders of training species and writes ts/evaluation/reader/reader-parameters.json.
 * Needs the compiled TypeScript (`npm run build:ts`); takes a minute. Deterministic; `npm run format` lays the file out.
 * Usage: node scripts/fit-color-reader.cjs [--per-species 16] [--epochs 4] [--out FILE]
 */
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');

const root = join(__dirname, '..');
const { values } = parseArgs({
  options: {
    'per-species': { type: 'string', default: '16' },
    epochs: { type: 'string', default: '4' },
    lib: { type: 'string', default: join(root, 'lib') },
    out: { type: 'string', default: join(root, 'ts/evaluation/reader/reader-parameters.json') },
  },
});
const { CATALOGUE, CATALOGUE_VERSION } = require(join(values.lib, 'data/flowers/catalogue.js'));
const { renderReaderPictures } = require(join(values.lib, 'evaluation/reader/reader-pictures.js'));
const { fitReader } = require(join(values.lib, 'evaluation/reader/fit-reader.js'));
const { storeReader } = require(join(values.lib, 'evaluation/reader/stored-reader.js'));

const fit = {
  seed: 7,
  picturesPerSpecies: Number(values['per-species']),
  pixelsPerPicture: 128,
  epochs: Number(values.epochs),
  learningRate: 0.003,
};

async function main() {
  const training = CATALOGUE.filter((species) => species.split === 'training');
  console.log(`rendering ${fit.picturesPerSpecies} pictures of ${training.length} training species`);
  const pictures = await renderReaderPictures(training, fit.picturesPerSpecies, fit.seed);
  const networks = fitReader({ ...fit, hidden: [32, 16], pictures, onProgress: console.log });
  const classIds = training.map((species) => species.id);
  const stored = storeReader(networks, { catalogueVersion: CATALOGUE_VERSION, classIds, fit });
  writeFileSync(values.out, `${JSON.stringify(stored)}\n`);
  console.log(`wrote ${values.out}`);
}

main();
