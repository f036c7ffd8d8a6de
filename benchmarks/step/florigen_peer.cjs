/** florigen's side of the benchmark: the faithful preset's trainer behind a pipe. Answers `step N` with seconds. */
const { createInterface } = require('node:readline');
const { captionsPerImage } = require('./data.cjs');
const { openEngine } = require('../../lib/models/engine.js');
const { readSafetensorsHeader, readTensor } = require('../../lib/formats/safetensors.js');

const { data, sizes, threads } = JSON.parse(process.argv[2]);

function reference(file, name) {
  const { offset, bytes, dtype, shape } = file.tensors.get(name);
  return { path: file.path, offset, bytes, dtype, shape };
}

function createTrainer(addon, file) {
  return addon.createGanTrainer({
    network: {
      family: 'reed2016',
      textSize: sizes.d,
      noiseSize: sizes.nz,
      projectedTextSize: sizes.nt,
      generatorFeatures: sizes.ngf,
      discriminatorFeatures: sizes.ndf,
      dtype: 'float32',
      device: 'cpu',
      precision: 'ieee',
      deterministic: false,
    },
    seed: 1,
    images: reference(file, 'images'),
    sentenceEmbeddings: reference(file, 'sentence'),
    fineTuning: null,
    guide: null,
    objective: {
      pairing: 'authors',
      clsWeight: 0.5,
      interpolationWeight: 1,
      interpolationBeta: 'half',
      modeSeekingEpsilon: 0.01,
      contrastive: { weight: 0, temperature: 0.1 },
    },
    augmentation: { translation: 0, cutout: 0 },
    adam: { beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
    emaDecay: 0,
  });
}

async function readPlan(file) {
  const columns = {};
  for (const name of file.tensors.keys()) {
    if (name === 'images' || name === 'sentence') continue;
    const bytes = await readTensor(file, name);
    columns[name] = new Int32Array(bytes.slice().buffer);
  }
  const rowCount = columns.image.length;
  const batches = rowCount / sizes.batch;
  const updates = Array.from({ length: batches }, (_, i) =>
    [0, 1].flatMap((kind) => [kind, i * sizes.batch, sizes.batch]),
  );
  return {
    version: 2,
    rowCount,
    captionsPerImage,
    columns,
    updates: Int32Array.from(updates.flat()),
    stepStart: Int32Array.from({ length: batches + 1 }, (_, i) => 2 * i),
    values: { learningRate: 2e-4, modeSeekingWeight: 0 },
  };
}

async function serve() {
  const { addon, runtime } = openEngine({ device: 'cpu', threads });
  const file = await readSafetensorsHeader(data);
  const trainer = await createTrainer(addon, file);
  const plan = await readPlan(file);
  const batches = plan.stepStart.length - 1;
  let next = 0;
  let losses = [];
  const onProgress = (p) => {
    losses = [p.discriminatorLoss, p.generatorLoss];
  };
  console.log(JSON.stringify({ ready: runtime.libtorchVersion, threads: runtime.threads }));
  for await (const line of createInterface({ input: process.stdin })) {
    const count = Number(line.split(' ')[1]);
    const start = process.hrtime.bigint();
    for (let done = 0; done < count; ) {
      const first = next % batches;
      const last = Math.min(batches, first + count - done);
      await addon.trainerRun(trainer, plan, { first, last, jobId: next + 1 }, onProgress);
      done += last - first;
      next += last - first;
    }
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    console.log(JSON.stringify({ seconds, losses }));
  }
  await addon.disposeHandle(trainer);
}

serve().catch((error) => {
  console.error(error);
  process.exit(1);
});
