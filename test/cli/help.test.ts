import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ExitCode } from '../../ts/cli/exit-codes';
import { optionFields } from '../../ts/models/option-fields';
import { florigen, root } from './run-florigen';

// A loaded machine may take ten times as long as a quiet one.
jest.setTimeout(600_000);

const commands = [
  'demo',
  'dataset build',
  'dataset import',
  'dataset embed',
  'dataset inspect',
  'train',
  'generate',
  'features train',
  'features extract',
  'encoder train',
  'encoder evaluate',
  'encoder embed',
  'encoder import',
  'evaluate attributes',
  'inspect',
  'export',
  'doctor',
  'libtorch install',
  'libtorch where',
];

const intro = `# The command line

This page is what \`florigen COMMAND --help\` prints; \`test/cli/help.test.ts\` compares the two, and writes the page
with \`FLORIGEN_UPDATE_DOCS=1 npx jest test/cli/help.test.ts\`.

| exit code | means |
|---|---|
| ${ExitCode.ok} | done |
| ${ExitCode.failure} | failed; one sentence on standard error says why, with a code in parentheses |
| ${ExitCode.usage} | wrong usage: an unknown option, a value out of range; nothing was done |
| ${ExitCode.interrupted} | stopped by SIGINT (Ctrl-C) after saving; the same command, or the one that is printed, continues |
| ${ExitCode.terminated} | stopped by SIGTERM, likewise |

Results go to standard output, progress and remarks to standard error. With \`--json\` standard output holds JSON
lines alone, each an object with \`event\`: \`progress\`, \`notice\` of the device, results named after what was
made, and at the end of a failure \`{"event":"error","code","message","hint","exitCode"}\`.

`;

const helpOf = async (command: string) => {
  const outcome = await florigen([...command.split(' ').filter(Boolean), '--help']);
  expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code: 0, stderr: '' });
  return outcome.stdout;
};

test('docs/cli.md is what --help prints', async () => {
  let page = intro;
  for (const command of ['', ...commands])
    page += `## florigen${command && ` ${command}`}\n\n\`\`\`text\n${(await helpOf(command)).trimEnd()}\n\`\`\`\n\n`;
  page = `${page.trimEnd()}\n`;
  const file = path.join(root, 'docs/cli.md');
  if (process.env.FLORIGEN_UPDATE_DOCS) fs.writeFileSync(file, page);
  expect(fs.readFileSync(file, 'utf8')).toBe(page);
});

test('the first page names every command, and what ends with which code', async () => {
  const help = await helpOf('');
  for (const command of commands) expect(help).toContain(command.split(' ')[0]);
  for (const code of Object.values(ExitCode)) expect(help).toMatch(new RegExp(`\\b${code}\\b`));
});

test('every training option has a line', async () => {
  const help = await helpOf('train');
  for (const { flag } of optionFields())
    expect(help).toMatch(new RegExp(`^  --(no-)?${flag.slice(2)}\\b`, 'm'));
});

test('florigen alone explains itself, and a group of commands too', async () => {
  expect((await florigen([])).stdout).toContain('Usage: florigen');
  expect((await florigen(['dataset'])).stdout).toContain('Usage: florigen dataset');
});

test('--version is that of the package', async () => {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  expect((await florigen(['--version'])).stdout.trim()).toBe(version);
});

test.each(['', ...commands])('florigen %s --help is instant and loads no native code', async (command) => {
  const list = path.join(os.tmpdir(), `florigen-loaded-${process.pid}.json`);
  const nodeArgs = ['--require', path.join(__dirname, 'fixtures/list-loaded.cjs')];
  const args = [...command.split(' ').filter(Boolean), '--help'];
  await florigen(args, { nodeArgs, env: { FLORIGEN_TEST_LOADED: list } });
  const { cpuSeconds, modules, sharedObjects } = JSON.parse(fs.readFileSync(list, 'utf8'));
  fs.rmSync(list);
  const native = [...modules, ...sharedObjects].filter((name: string) =>
    /\.node$|torch|c10|\/sharp\/|vips/.test(name),
  );
  expect(native.filter((name) => !name.startsWith(path.join(root, 'lib')))).toEqual([]);
  if (!/(^| )train$/.test(command))
    expect(modules.filter((name: string) => name.includes('/zod/'))).toEqual([]);
  // Processor time, since a busy neighbor may stretch the wall clock to anything.
  expect(cpuSeconds).toBeLessThan(0.5);
});
