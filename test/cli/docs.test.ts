import fs from 'node:fs';
import path from 'node:path';
import { ExitCode } from '../../ts/cli/exit-codes';
import { CATALOGUE_VERSION } from '../../ts/data/flowers/catalogue';
import * as florigen from '../../ts/index';
import { TrainingConfig } from '../../ts/models/config';
import { estimateMemory } from '../../ts/models/memory-estimate';
import { networkOf } from '../../ts/models/network-options';
import { networkSizes } from '../../ts/models/network-sizes';
import { optionFields } from '../../ts/models/option-fields';
import { presets } from '../../ts/models/presets';
import { metricNames } from '../../ts/training/metrics';
import { root } from './run-florigen';

const read = (name: string) => fs.readFileSync(path.join(root, name), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...fs.readdirSync(path.join(root, 'docs'))]
  .filter((name) => name.endsWith('.md'))
  .map((name) => (fs.existsSync(path.join(root, name)) ? name : `docs/${name}`));

test.each(pages)('every link of %s leads to a file that is there', (page) => {
  const text = read(page).replace(/```[\s\S]*?```/g, '');
  for (const [, target] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
    if (/^https?:/.test(target!)) continue;
    const file = path.join(root, path.dirname(page), target!);
    expect({ target, there: fs.existsSync(file) }).toEqual({ target, there: true });
  }
});

test('every page that a help text or a page names is there', () => {
  for (const page of pages)
    for (const [name] of read(page).matchAll(/\bdocs\/[a-z-]+\.md\b/g))
      expect({ page, name, there: fs.existsSync(path.join(root, name)) }).toEqual({
        page,
        name,
        there: true,
      });
});

test("the README's example is the one that the tests run", () => {
  expect(read('README.md')).toContain(`\`\`\`js\n${read('examples/train.mjs')}\`\`\``);
});

test("the README's tree has every folder, and no other", () => {
  const tree = /## The tree\s+```text\n([\s\S]*?)```/.exec(read('README.md'))![1]!;
  const shown: string[] = [];
  for (const [, indent, name] of tree.matchAll(/^( *)([a-z]+)\/ /gm))
    shown.push(indent === '' ? name! : `${shown.findLast((folder) => !folder.includes('/'))}/${name}`);
  const folders = (under: string) =>
    fs
      .readdirSync(path.join(root, under), { withFileTypes: true })
      .filter(
        (entry) =>
          entry.isDirectory() && !/^\.|^(node_modules|lib|build|prebuilds|runs|data|dist)$/.test(entry.name),
      )
      .map((entry) => path.posix.join(under, entry.name));
  const real = [...folders('.'), ...fs.readdirSync(path.join(root, 'native')).map((name) => `native/${name}`)]
    .filter((name) => fs.statSync(path.join(root, name)).isDirectory())
    .concat(folders('ts'));
  // `data` is a folder of packs at the root, and a folder of sources below native/ and ts/.
  const sources = ['native/data', 'ts/data'];
  expect(shown.sort()).toEqual([...new Set([...real, ...sources])].sort());
});

test('the table of presets has the sizes that the code computes', () => {
  const rows = read('docs/guide.md').split('\n');
  const row = (title: string) =>
    rows
      .find((line) => line.startsWith(`| ${title}`))!
      .split('|')
      .slice(2, -1);
  const data = { textSize: 1024, imageBytes: 8189 * 76 * 76 * 3, captionCount: 81_890 };
  const computed = Object.keys(presets).map((name) => {
    const options = TrainingConfig.preset(name);
    const sizes = networkSizes(networkOf(options, data.textSize));
    const { stateBytes, stepBytes, checkpointBytes } = estimateMemory(options, data);
    const millions = (value: number) => `${(value / 1e6).toFixed(1)} M`;
    const megabytes = (value: number) => `${Math.round(value / 1e6).toLocaleString('en-US')} MB`;
    return {
      parameters: `${millions(sizes.generator.parameters)}, ${millions(sizes.discriminator.parameters)}`,
      memory: `${megabytes(stateBytes)}; ${megabytes(stepBytes)}`,
      checkpoint: megabytes(checkpointBytes),
      length: `${options.batchSize}, ${options.epochs === undefined ? `${options.steps} steps` : `${options.epochs} epochs`}`,
    };
  });
  const cells = (title: string) => row(title).map((cell) => cell.trim());
  expect(cells('| ').map((cell) => /`(.*)`/.exec(cell)![1])).toEqual(Object.keys(presets));
  expect(cells('parameters')).toEqual(computed.map(({ parameters }) => parameters));
  expect(cells('memory')).toEqual(computed.map(({ memory }) => memory));
  expect(cells('a checkpoint')).toEqual(computed.map(({ checkpoint }) => checkpoint));
  expect(cells('batch, length')).toEqual(computed.map(({ length }) => length));
});

test('docs/api.md names everything that can be imported, and every error code', () => {
  const page = read('docs/api.md');
  for (const name of Object.keys(florigen)) expect(page).toMatch(new RegExp(`\`[^\`]*\\b${name}\\b`));
  const codes = /type FlorigenErrorCode =([^;]*);/.exec(read('ts/errors.ts'))![1]!;
  for (const [, code] of codes.matchAll(/'(\w+)'/g)) expect(page).toContain(`\`${code}\``);
});

test('flags that the pages mention exist', async () => {
  const known = new Set(optionFields().flatMap(({ flag, aliases }) => [flag.slice(2), ...aliases]));
  const help = read('docs/cli.md');
  for (const page of ['README.md', 'docs/guide.md'])
    for (const [, flag] of read(page).matchAll(/(?<![\w-])--([a-z][a-z-]+)/g))
      expect({ page, flag, known: known.has(flag!) || help.includes(`--${flag}`) }).toEqual({
        page,
        flag,
        known: true,
      });
});

test('the pages count the metrics of a GAN, say which may be null, and name the catalogue as it is', () => {
  const formats = read('docs/formats.md');
  const count = metricNames.length;
  expect(formats).toContain(`\`progress.metric_counts\` | F64 [${count}], I64 [${count}] |`);
  const row = formats.split('\n').find((line) => line.startsWith(`| the ${count} metrics of `))!;
  const always = /^(discriminator|real|fake|generator|adversarial)(Loss|Score)$/;
  for (const name of metricNames.filter((one) => !always.test(one))) expect(row).toContain(`\`${name}\``);
  for (const name of metricNames) expect(read('docs/step.md')).toContain(`\`${name}\``);
  const catalogue = /catalogue, version (\d+), and is frozen/.exec(read('docs/flowers.md'))![1];
  expect(Number(catalogue)).toBe(CATALOGUE_VERSION);
});

test('exit codes are those of the page', () => {
  for (const code of Object.values(ExitCode))
    expect(read('docs/cli.md')).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
});
