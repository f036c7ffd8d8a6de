'use strict';
// The demo's own model against the measure of docs/evaluation.md, on test species. Usage: attributes.cjs RUN_FOLDER
// reader.safetensors beside this program reads number and shape of petals: a feature network that guides nobody.
const { join } = require('node:path');
const { Dataset, Generator } = require('../../lib/index.js');
const { attributeReport, attributeSummary } = require('../../lib/evaluation/attribute-report.js');
const { evaluateAttributes } = require('../../lib/evaluation/evaluate-attributes.js');
const { loadHeadNetwork } = require('../../lib/evaluation/heads/head-reader.js');
const { machineFacts } = require('./machine.cjs');

async function main(folder) {
  const dataset = await Dataset.open(join(folder, 'flowers.safetensors'));
  const generator = await Generator.load(join(folder, 'bundle.safetensors'));
  const features = await loadHeadNetwork(join(__dirname, 'reader.safetensors'), {});
  let phase = '';
  const onProgress = (progress) => {
    if (progress.phase !== phase) console.error(`${progress.phase} ...`);
    phase = progress.phase;
  };
  try {
    const result = await evaluateAttributes({ generator, dataset, features, split: 'test', onProgress });
    const facts = [...machineFacts(), `model: ${folder}, ${dataset.imageCount} images`];
    const report = attributeReport(result, {
      title: 'Acceptance: the colors that the sentence asks for',
      facts,
    });
    console.error(attributeSummary(result));
    console.log(JSON.stringify({ name: 'attributes', report, ...result }));
    if (!result.passed) process.exitCode = 1;
  } finally {
    await features.dispose();
    await generator.dispose();
  }
}

main(process.argv[2] ?? join('runs', 'demo')).catch((error) => {
  console.error(error.code ? error.message : error.stack);
  process.exitCode = 1;
});
