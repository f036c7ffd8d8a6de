'use strict';
// Images per second of whole training steps on a device, over built-in flowers: `node benchmark.cjs cuda|cpu`. The
// first epoch warms up; the rate is the median of the others. Writes report/benchmark.json.
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Dataset, GanTrainer } = require('../../lib/index.js');

const device = process.argv[2] ?? 'cuda';
const gpu = device === 'cuda';
const folder = mkdtempSync(join(tmpdir(), 'florigen-benchmark-'));
/** The faithful network is measured on a GPU only: a CPU needs seconds for each of its steps. */
const rows = gpu
  ? ['small', 'reed2016-flowers'].flatMap((preset) =>
      ['ieee', 'tf32', 'bf16'].map((precision) => ({ preset, precision })),
    )
  : [{ preset: 'small', precision: 'ieee' }];
const imageCount = gpu ? 2048 : 256;
const epochCount = gpu ? 6 : 3;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

async function measure(data, { preset, precision }) {
  const options = {
    preset,
    precision,
    device,
    deterministic: false,
    sampleEvery: 1_000_000,
    saveEvery: 1_000_000,
  };
  const trainer = await GanTrainer.create({
    data,
    options,
    runFolder: join(folder, `${preset}-${precision}`),
  });
  try {
    const rates = [];
    for (let epoch = 0; epoch < epochCount; epoch += 1) {
      const { imagesPerSecond, done } = await trainer.trainEpoch();
      rates.push(imagesPerSecond);
      if (done) break;
    }
    return { preset, precision, imagesPerSecond: median(rates.slice(1)), epochs: rates };
  } finally {
    await trainer.dispose();
  }
}

async function main() {
  const data = await Dataset.buildFlowers({
    path: join(folder, 'flowers.safetensors'),
    images: imageCount,
    sizes: [76],
    seed: 1,
  });
  const results = [];
  for (const row of rows) {
    const outcome = await measure(data, row).catch(({ message }) => ({ ...row, error: message }));
    console.log(JSON.stringify(outcome));
    results.push(outcome);
  }
  writeFileSync('report/benchmark.json', `${JSON.stringify({ device, imageCount, results }, null, 2)}\n`);
  // A precision that the machine refuses is a result; nothing measured at all is a failure.
  if (results.every(({ error }) => error !== undefined)) process.exitCode = 1;
}

main().finally(() => rmSync(folder, { recursive: true, force: true }));
