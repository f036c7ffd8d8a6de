'use strict';
// From nothing to text encoders that are measured on test species (docs/evaluation.md): the packs, the feature
// network, three encoders, one table. Usage: encoder.cjs FOLDER, which is emptied first.
const { spawnSync } = require('node:child_process');
const { mkdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { Dataset, encoderReport, evaluateEncoder, loadTextEncoder } = require('../../lib/index.js');
const { machineFacts } = require('./machine.cjs');

const root = join(__dirname, '..', '..');
const MINUTES = 60;
/** Mixed flowers that the feature network learns to see from. */
const MIXED = ['--mixed', '--images', '20000', '--seed', '1'];
/** Flowers of no species beside the species, from which an encoder learns to read every word. */
const HYBRIDS = ['--hybrids', '6000'];
/** The encoder that the bars are for, then what stands beside it. */
const ENCODERS = [
  ['--architecture', 'char-cnn-rnn'],
  ['--architecture', 'word-cnn-rnn'],
  ['--architecture', 'bag-of-words'],
];

/** Runs one command of the program; what it prints is shown, for standard output is for the record. */
function florigen(args) {
  console.error(`florigen ${args.join(' ')}`);
  const program = join(root, 'bin', 'florigen.js');
  const { status } = spawnSync(process.execPath, [program, ...args], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`\`florigen ${args.join(' ')}\` ended with ${status}`);
}

/** Does a step, and notes how long it took. */
async function timed(times, name, step) {
  const started = performance.now();
  const result = await step();
  times.push({ name, seconds: Math.round((performance.now() - started) / 1000) });
  return result;
}

async function evaluate(file, dataset) {
  const encoder = await loadTextEncoder(file);
  let phase = '';
  const onProgress = (progress) => {
    if (progress.phase !== phase) console.error(`${progress.phase} ...`);
    phase = progress.phase;
  };
  try {
    return await evaluateEncoder({ encoder, dataset, split: 'test', onProgress });
  } finally {
    await encoder.dispose?.();
  }
}

/** Every bar of the first encoder that is missed, and the time. */
function missed({ bars }, minutes) {
  const below = Object.entries(bars)
    .filter(([, { passed }]) => !passed)
    .map(([name, { figure, bar }]) => `${name} is ${figure.toFixed(3)}, the bar ${bar}`);
  return minutes > MINUTES ? [...below, `it took ${minutes.toFixed(0)} minutes, the bar ${MINUTES}`] : below;
}

async function main(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const data = join(folder, 'flowers.safetensors');
  const mixed = join(folder, 'mixed.safetensors');
  const features = join(folder, 'features');
  const times = [];
  const step = (name, args) => timed(times, name, () => florigen(args));
  await step('pack', ['dataset', 'build', ...HYBRIDS, '--out', data]);
  await step('mixed flowers', ['dataset', 'build', ...MIXED, '--out', mixed]);
  await step('feature network', ['features', 'train', '--data', mixed, '--run', features]);
  const network = join(features, 'features-network.safetensors');
  await step('features', ['features', 'extract', data, '--network', network]);
  const results = [];
  for (const options of ENCODERS) {
    const run = join(folder, options[1]);
    await step(options[1], ['encoder', 'train', '--data', data, '--run', run, ...options]);
    const dataset = await Dataset.open(data);
    const file = join(run, 'encoder.safetensors');
    results.push(await timed(times, `${options[1]}, evaluation`, () => evaluate(file, dataset)));
  }
  const minutes = times.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const faults = missed(results[0], minutes);
  const facts = [
    ...machineFacts(),
    `${minutes.toFixed(1)} minutes in all: ${times.map(({ name, seconds }) => `${name} ${seconds} s`).join(', ')}`,
    faults.length === 0 ? 'every bar holds' : `missed: ${faults.join('; ')}`,
  ];
  const title = 'Acceptance: text encoders on the 20 test species';
  const record = { name: 'encoders', minutes, times, missed: faults, results };
  const report = encoderReport(results, { title, facts });
  console.log(JSON.stringify({ ...record, report }));
  if (faults.length > 0) process.exitCode = 1;
}

main(process.argv[2] ?? join(root, 'runs', 'encoders')).catch((error) => {
  console.error(error.code ? error.message : error.stack);
  process.exitCode = 1;
});
