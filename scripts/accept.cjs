'use strict';
// `npm run accept [PART...]`: the long acceptance runs. Each part is a program in test/accept/ whose last line of output
// is a JSON record `{ name, ... }`; `report` in it, where there is one, is Markdown. Reports go to docs/reports/.
const { spawn } = require('node:child_process');
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { DEMO, trainDemo } = require('./lib/accept-demo.cjs');
const { main, say, SetupError } = require('./lib/console.cjs');
const { root } = require('./lib/process.cjs');
const { setUp } = require('./lib/setup.cjs');
const { machineFacts } = require('../test/accept/machine.cjs');

/** The parts in their order, with what each is given. */
const PARTS = { attributes: [DEMO], encoder: [join('runs', 'encoders')], 'kill-loop': ['50'] };

/** Runs a part; resolves with its record and whether it ended well. */
function runPart(name) {
  return new Promise((resolve, reject) => {
    const program = join('test', 'accept', `${name}.cjs`);
    const child = spawn(process.execPath, [program, ...PARTS[name]], {
      cwd: root,
      stdio: ['inherit', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const last = output.trim().split('\n').at(-1);
      const record = last.startsWith('{')
        ? JSON.parse(last)
        : { name, problem: `no record, exit code ${code}` };
      resolve({ passed: code === 0 && !record.problem, record });
    });
  });
}

/** The report of a part that wrote none: its record as a list. */
function plainReport(name, passed, record) {
  const values = Object.entries(record).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const list = [...machineFacts(), ...values].map((line) => `- ${line}`).join('\n');
  return `# Acceptance: ${name}\n\n${passed ? 'Passed.' : 'Failed.'}\n\n${list}\n`;
}

function writeReport(name, passed, { report, ...record }) {
  const folder = join(root, 'docs', 'reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.md`), report ?? plainReport(name, passed, record));
  const whole = { passed, machine: machineFacts(), ...record };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(whole, null, 2)}\n`);
  say(`${passed ? 'passed' : 'FAILED'}: ${name}, docs/reports/${name}.md`);
}

main(async () => {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown) {
    const known = Object.keys(PARTS).join(', ');
    throw new SetupError(`\`PART\` must be one of ${known}, but is "${unknown}" instead`);
  }
  await setUp();
  const parts = names.length > 0 ? names : Object.keys(PARTS);
  if (parts.includes('attributes')) await trainDemo();
  for (const name of parts) {
    say(`acceptance: ${name}`);
    const { passed, record } = await runPart(name);
    writeReport(record.name ?? name, passed, record);
    if (!passed) process.exitCode = 1;
  }
});
