'use strict';
// `npm test [-- STEP...]`: the set-up, then lint, format, types, native and js, each also alone. Ends with the line
// `N passed, N failed`, and seconds per suite against test/budget.json before it.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { main, report, say, SetupError } = require('./lib/console.cjs');
const { root } = require('./lib/process.cjs');
const { setUp } = require('./lib/setup.cjs');

const order = ['lint', 'format', 'types', 'native', 'js'];

/** Seconds per suite beside what two quiet cores are expected to need. */
function printSeconds(suites) {
  const budget = JSON.parse(readFileSync(join(root, 'test', 'budget.json'), 'utf8')).seconds;
  console.log('\nsuite                 seconds  budget');
  for (const [name, seconds] of Object.entries(suites)) {
    const allowed = budget[name];
    const remark = allowed === undefined ? '  not in test/budget.json' : seconds > allowed ? '  over' : '';
    console.log(
      `${name.padEnd(20)} ${seconds.toFixed(1).padStart(8)} ${String(allowed ?? '-').padStart(7)}${remark}`,
    );
  }
}

async function runStep(name, paths) {
  // Required late: the checks use what the set-up has just made.
  const checks = require('./lib/checks.cjs');
  say(`Running ${name}`);
  try {
    return await checks[name](paths);
  } catch (error) {
    report(error);
    return { passed: 0, failed: 1, skipped: 0, suites: {} };
  }
}

/** The last line, in the form that CI reads. */
function printTotal({ passed, failed, skipped }) {
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

main(async () => {
  const names = process.argv.slice(2).filter((name) => order.includes(name));
  const paths = process.argv.slice(2).filter((name) => !order.includes(name));
  if (paths.length > 0 && names[0] !== 'js') {
    throw new SetupError(`A step must be one of ${order.join(', ')}, but is ${paths[0]} instead.`);
  }
  const total = { passed: 0, failed: 0, skipped: 0, suites: {} };
  try {
    await setUp({ tests: true });
  } catch (error) {
    report(error);
    return printTotal({ ...total, failed: 1 });
  }
  for (const name of names.length > 0 ? names : order) {
    const { suites, ...counts } = await runStep(name, paths);
    for (const key of Object.keys(counts)) total[key] += counts[key];
    Object.assign(total.suites, suites);
  }
  printSeconds(total.suites);
  printTotal(total);
});
