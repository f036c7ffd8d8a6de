'use strict';
/**
 * `npm run test:mutants [-- NAME...]`: plants each fault of mutants.json in a copy of the checkout, runs the test that
 * must go red, and prints a table. Fails where a fault stays green, a patch no longer fits, or a test was red before.
 */
const { mkdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const native = require('./native-runner.cjs');
const { plant, refresh, root, tree } = require('./tree.cjs');
const typescript = require('./typescript-runner.cjs');

const all = require('./mutants.json');

function chosen() {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => all.every((mutant) => mutant.name !== name));
  if (unknown !== undefined)
    throw new Error(`the mutant must be one of mutants.json, but is ${unknown} instead`);
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

const runTest = ({ kind, test, title }) =>
  kind === 'native' ? native.run([test]) : typescript.run(test, title);

/** Every named test exists and is green without a fault; otherwise its red would mean nothing. */
function checkGreen(mutants) {
  for (const mutant of mutants) {
    const results = [...runTest(mutant)];
    const red = results.filter(([, passed]) => !passed).map(([name]) => name);
    if (results.length === 0)
      throw new Error(`${mutant.name}: there is no test ${mutant.title ?? mutant.test}`);
    if (red.length > 0) throw new Error(`${mutant.name}: ${red.join(', ')} is red without the fault`);
  }
}

/** What became of one fault: `red`, or why it is a failure. */
function judge(mutant) {
  let takeOut;
  try {
    takeOut = plant(path.join(__dirname, `${mutant.name}.patch`));
    if (mutant.kind === 'native') native.build();
    const results = [...runTest(mutant).values()];
    if (results.length === 0) return 'the test did not end';
    return results.includes(false) ? 'red' : 'STAYED GREEN';
  } catch (error) {
    return error.message.split('\n').slice(0, 3).join(' ');
  } finally {
    takeOut?.();
  }
}

function table(rows) {
  const lines = rows.map(({ fault, name, outcome, test, title, seconds }) => {
    const named = title === undefined ? test : `${test}: ${title}`;
    return `| ${name} | ${fault} | ${named} | ${outcome} | ${seconds} |`;
  });
  return [
    '| mutant | planted fault | test that must go red | outcome | s |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

async function main() {
  const mutants = chosen();
  refresh();
  if (mutants.some(({ kind }) => kind === 'native')) {
    await native.configure();
    native.build();
  }
  checkGreen(mutants);
  const rows = [];
  for (const mutant of mutants) {
    const began = Date.now();
    const outcome = judge(mutant);
    const seconds = Math.round((Date.now() - began) / 1000);
    rows.push({ ...mutant, outcome, seconds });
    console.log(
      `${outcome === 'red' ? 'red  ' : 'FAIL '} ${mutant.name.padEnd(30)} ${seconds} s${outcome === 'red' ? '' : `  ${outcome}`}`,
    );
  }
  const report = table(rows);
  console.log(`\n${report}`);
  mkdirSync(path.join(root, 'build', 'mutants'), { recursive: true });
  writeFileSync(path.join(path.dirname(tree), 'report.md'), `${report}\n`);
  const missed = rows.filter(({ outcome }) => outcome !== 'red').length;
  console.log(`\n${rows.length - missed} faults found, ${missed} missed`);
  process.exitCode = missed === 0 ? 0 : 1;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
