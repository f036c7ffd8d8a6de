/**
 * `npm run bench:step -- --python PATH [--pairs 12] [--quick]`: the faithful step of florigen against PyTorch 2.11,
 * in turns within one run. Writes benchmarks/results/step.json and step.md.
 */
const { mkdtempSync, rmSync } = require('node:fs');
const { cpus, tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { writeData } = require('./data.cjs');
const load = require('./load.cjs');
const { Peer } = require('./peer.cjs');
const { writeReport } = require('./report.cjs');

/** The authors' flowers script (preset reed2016-flowers); --quick is for trying out the benchmark itself. */
const faithful = { ngf: 128, ndf: 64, nz: 100, nt: 128, d: 1024, batch: 64 };
const quick = { ngf: 16, ndf: 16, nz: 100, nt: 128, d: 1024, batch: 16 };
/** A pair of measurements beside which others used more of the processors than this is thrown away. */
const foreignLimit = 0.05;
const attemptsPerPair = 5;

function options() {
  const { values } = parseArgs({
    options: {
      python: { type: 'string' },
      pairs: { type: 'string', default: '12' },
      steps: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(cpus().length) },
      quick: { type: 'boolean', default: false },
      'memory-format': { type: 'string', default: 'channels_last' },
    },
  });
  if (!values.python) throw new Error('`--python` must be a Python with torch 2.11, but is absent instead');
  return {
    python: values.python,
    pairs: Number(values.pairs),
    steps: Number(values.steps),
    threads: Number(values.threads),
    memoryFormat: values['memory-format'],
    sizes: values.quick ? quick : faithful,
  };
}

function startPeers(data, { python, sizes, threads, memoryFormat }) {
  const script = join(__dirname, 'pytorch_peer.py');
  const flags = ['--data', data, '--sizes', JSON.stringify(sizes), '--threads', String(threads)];
  return {
    florigen: new Peer('florigen', process.execPath, [
      join(__dirname, 'florigen_peer.cjs'),
      JSON.stringify({ data, sizes, threads }),
    ]),
    pytorch: new Peer('PyTorch', python, [script, ...flags, '--memory-format', memoryFormat]),
  };
}

/** One measurement of each side; which goes first changes from pair to pair. */
async function measurePair(peers, number, steps) {
  const order = number % 2 === 0 ? ['florigen', 'pytorch'] : ['pytorch', 'florigen'];
  const pids = Object.values(peers).map((peer) => peer.process.pid);
  const pair = { pressureBefore: load.pressure() };
  const before = load.snapshot(pids);
  for (const name of order) pair[name] = (await peers[name].step(steps)).seconds / steps;
  pair.foreign = load.foreignShare(before, load.snapshot(pids));
  pair.pressureAfter = load.pressure();
  return { ...pair, ratio: pair.florigen / pair.pytorch, kept: pair.foreign <= foreignLimit };
}

async function measure(peers, { pairs, steps }) {
  const versions = { florigen: await peers.florigen.answer(), pytorch: await peers.pytorch.answer() };
  for (const peer of [peers.florigen, peers.pytorch, peers.pytorch, peers.florigen]) await peer.step(1);
  const all = [];
  while (all.filter((pair) => pair.kept).length < pairs && all.length < pairs * attemptsPerPair) {
    const pair = await measurePair(peers, all.length, steps);
    all.push(pair);
    const text = `florigen ${pair.florigen.toFixed(3)} s  PyTorch ${pair.pytorch.toFixed(3)} s  ratio ${pair.ratio.toFixed(3)}`;
    console.log(
      `${String(all.length).padStart(3)}  ${text}  others ${(100 * pair.foreign).toFixed(1)} %${pair.kept ? '' : '  discarded'}`,
    );
  }
  return { versions, pairs: all };
}

async function main() {
  const chosen = options();
  const folder = mkdtempSync(join(tmpdir(), 'florigen-bench-'));
  const data = join(folder, 'data.safetensors');
  let peers;
  try {
    await writeData(data, { batch: chosen.sizes.batch, textSize: chosen.sizes.d, batches: 8 });
    peers = startPeers(data, chosen);
    writeReport({ ...chosen, python: undefined, foreignLimit, ...(await measure(peers, chosen)) });
  } finally {
    for (const peer of Object.values(peers ?? {})) peer.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
