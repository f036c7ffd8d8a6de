#!/usr/bin/env node
'use strict';
/**
 * Shows the measure of attributes before any model is judged by it: on real renders of what is asked (the attainable
 * maximum), on the same against shuffled captions (chance), and on two painters of plain blobs. Writes
 * docs/reports/measure-of-attributes.md. Usage: node scripts/show-measure.cjs --data PACK [--split validation]
 * [--features FILE]
 */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { main } = require('./lib/console.cjs');
const { root } = require('./lib/process.cjs');
const { machineFacts } = require('../test/accept/machine.cjs');

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    split: { type: 'string', default: 'validation' },
    features: { type: 'string' },
  },
});
const lib = (name) => require(join(root, 'lib', name));

main(async () => {
  const { Dataset, HashedNgramEncoder } = lib('index.js');
  const { controlsReport } = lib('evaluation/controls-report.js');
  const { loadHeadNetwork } = lib('evaluation/heads/head-reader.js');
  const { measureControls } = lib('evaluation/measure-controls.js');
  const dataset = await Dataset.open(values.data);
  const { split } = values;
  const features = values.features && (await loadHeadNetwork(values.features, {}));
  const results = await measureControls({
    dataset,
    split,
    encoder: new HashedNgramEncoder(),
    features,
    onProgress: ({ painter, phase }) => console.error(`${painter}: ${phase}`),
  });
  await features?.dispose();
  const facts = [...machineFacts(), `${dataset.imageCount} images`];
  const folder = join(root, 'docs', 'reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'measure-of-attributes.md'), controlsReport(results, facts));
});
