/** The figures of a run as JSON and as a page. */
const { mkdirSync, writeFileSync } = require('node:fs');
const { cpus } = require('node:os');
const { join } = require('node:path');

const results = join(__dirname, '..', 'results');
const target = 1.05;
const fewestPairs = 10;

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function summarize(run) {
  const kept = run.pairs.filter((pair) => pair.kept);
  const of = (name) => median(kept.map((pair) => pair[name]));
  return {
    keptPairs: kept.length,
    medianRatio: kept.length ? of('ratio') : null,
    smallestRatio: kept.length ? Math.min(...kept.map((pair) => pair.ratio)) : null,
    largestRatio: kept.length ? Math.max(...kept.map((pair) => pair.ratio)) : null,
    florigenSeconds: kept.length ? of('florigen') : null,
    pytorchSeconds: kept.length ? of('pytorch') : null,
  };
}

function verdict({ keptPairs, medianRatio }) {
  if (keptPairs < fewestPairs) return `no verdict: ${keptPairs} quiet pairs, ${fewestPairs} are needed`;
  return medianRatio <= target ? `at most ${target}: reached` : `above ${target}: missed`;
}

function page(run, summary) {
  const { sizes } = run;
  const row = (pair) =>
    `| ${pair.florigen.toFixed(3)} | ${pair.pytorch.toFixed(3)} | ${pair.ratio.toFixed(3)} | ${(100 * pair.foreign).toFixed(1)} | ${pair.pressureBefore} / ${pair.pressureAfter} | ${pair.kept ? '' : 'discarded'} |`;
  return `# A faithful step against PyTorch

GAN-INT-CLS, the authors' pairing, reed2016 with ngf ${sizes.ngf}, ndf ${sizes.ndf}, batch ${sizes.batch}: one discriminator update and one generator update, float32. florigen runs over LibTorch ${run.versions.florigen.ready}; the peer is PyTorch ${run.versions.pytorch.ready} with ${run.memoryFormat}, fused Adam, the fake drawn without a graph, no gradients of D in G's update (\`benchmarks/step/pytorch_peer.py\`, whose step \`--check\` holds against the parity oracle). ${run.threads} threads each on ${cpus()[0].model}, in turns within one run, the first of a pair alternating. A pair is discarded where other processes used more than ${100 * run.foreignLimit} % of the processors.

**Median ratio florigen / PyTorch ${summary.medianRatio?.toFixed(3) ?? '-'}** over ${summary.keptPairs} pairs (from ${summary.smallestRatio?.toFixed(3) ?? '-'} to ${summary.largestRatio?.toFixed(3) ?? '-'}); medians ${summary.florigenSeconds?.toFixed(3) ?? '-'} s and ${summary.pytorchSeconds?.toFixed(3) ?? '-'} s. Target ${verdict(summary)}.

| florigen s | PyTorch s | ratio | others % | pressure before / after | |
|---|---|---|---|---|---|
${run.pairs.map(row).join('\n')}
`;
}

function writeReport(run) {
  const summary = summarize(run);
  const name = run.sizes.batch === 64 ? 'step' : 'step-quick';
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ ...run, summary }, null, 2)}\n`);
  writeFileSync(join(results, `${name}.md`), page(run, summary));
  console.log(
    `median ratio ${summary.medianRatio?.toFixed(3)} over ${summary.keptPairs} pairs; ${verdict(summary)}`,
  );
}

module.exports = { writeReport, median };
