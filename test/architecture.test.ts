/**
 * The folder list is the architecture: a folder may use any folder of a lower level, never one of the same or a
 * higher level. The two tables below are the order; everything else in this file compares the sources with them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..');

/** ts/<name> (a folder or a file without its extension) -> level. Equal levels may not use each other. */
const typescriptLevels: Record<string, number> = {
  errors: 0,
  formats: 1,
  native: 2,
  data: 3,
  models: 4,
  training: 5,
  evaluation: 6,
  serving: 7,
  index: 8,
  cli: 9,
};

/** native/<name> -> the folders that it may include, besides its own. */
const nativeIncludes: Record<string, readonly string[]> = {
  core: [],
  data: ['core'],
  networks: ['core', 'data'],
  objectives: ['core', 'data', 'networks'],
  training: ['core', 'data', 'networks', 'objectives'],
  inference: ['core', 'data', 'networks', 'objectives'],
  cuda: ['core', 'data', 'networks', 'objectives', 'training', 'inference'],
  binding: ['core', 'data', 'networks', 'objectives', 'training', 'inference'],
  loader: [],
};

const families = ['reed2016', 'dcgan'];
const maximumLines = { '.ts': 300, '.cc': 300, '.h': 300 } as Record<string, number>;

type Sources = Map<string, string>;

function readSources(folder: string, extensions: string[]): Sources {
  const sources: Sources = new Map();
  if (!existsSync(path.join(root, folder))) return sources;
  for (const entry of readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !extensions.includes(path.extname(entry.name))) continue;
    const full = path.join(entry.parentPath, entry.name);
    sources.set(path.relative(root, full).split(path.sep).join('/'), readFileSync(full, 'utf8'));
  }
  return sources;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1');
}

/** Static imports and exports, `import()` (of values and of types) and `require()`. */
function importsOf(text: string): string[] {
  const pattern = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(['"`])([^'"`\n]+)\1/g;
  return [...withoutComments(text).matchAll(pattern)].map((match) => match[2]!);
}

const moduleOf = (file: string) => file.split('/')[1]!.replace(/\.[jt]s$/, '');

function typescriptFaults(sources: Sources): string[] {
  const faults: string[] = [];
  for (const [file, text] of sources) {
    const from = moduleOf(file);
    const fromLevel = typescriptLevels[from];
    if (fromLevel === undefined) {
      faults.push(`${file}: ts/${from} has no level in the table`);
      continue;
    }
    for (const specifier of importsOf(text)) {
      if (specifier.endsWith('.node') && from !== 'native') faults.push(`${file}: loads ${specifier}`);
      if (!specifier.startsWith('.')) continue;
      const target = path.posix.join(path.posix.dirname(file), specifier);
      if (!target.startsWith('ts/')) {
        if (!/\.json$/.test(target)) faults.push(`${file}: imports ${specifier}, outside ts/`);
        continue;
      }
      const to = moduleOf(target);
      const toLevel = typescriptLevels[to];
      if (toLevel === undefined) faults.push(`${file}: imports ts/${to}, which has no level in the table`);
      else if (to !== from && toLevel >= fromLevel)
        faults.push(`${file}: ${from} imports ${to} (${specifier})`);
    }
  }
  return faults;
}

function includesOf(text: string): string[] {
  return [...withoutComments(text).matchAll(/^\s*#\s*include\s*[<"]([^>"]+)[>"]/gm)].map(
    (match) => match[1]!,
  );
}

/** The path below native/ that an include of florigen's own means; null for a system header. */
function nativeTarget(file: string, include: string, sources: Sources): string | null {
  const beside = path.posix.join(path.posix.dirname(file), include);
  if (include.startsWith('.')) return beside.startsWith('native/') ? beside : null;
  const candidates = [beside, `native/${include}`, include, include.replace(/^florigen\//, 'native/')];
  const found = candidates.find((candidate) => candidate.startsWith('native/') && sources.has(candidate));
  if (found !== undefined) return found;
  return nativeIncludes[include.split('/')[0]!] === undefined ? null : `native/${include}`;
}

function nativeFaults(sources: Sources): string[] {
  const faults: string[] = [];
  for (const [file, text] of sources) {
    const from = file.split('/')[1]!;
    const allowed = nativeIncludes[from];
    if (allowed === undefined) {
      faults.push(`${file}: native/${from} is not in the table`);
      continue;
    }
    for (const include of includesOf(text)) {
      if (
        /(^|\/)(napi|node_api|node_api_types|js_native_api)\.h$/.test(include) &&
        !['binding', 'loader'].includes(from)
      )
        faults.push(`${file}: includes ${include}; only binding and loader know Node`);
      // The version is a macro; anything else would need LibTorch before the loader has checked it.
      if (from === 'loader' && /^(torch|ATen|c10)\/(?!headeronly\/version\.h$)/.test(include))
        faults.push(`${file}: the loader has no LibTorch`);
      const target = nativeTarget(file, include, sources);
      if (target === null) continue;
      const to = target.split('/')[1]!;
      if (to !== from && !allowed.includes(to)) faults.push(`${file}: ${from} includes ${include}`);
      const [own, other] = [file, target].map((name) =>
        families.find((family) => name.includes(`/networks/${family}/`)),
      );
      if (own !== undefined && other !== undefined && own !== other)
        faults.push(`${file}: family ${own} uses its sibling ${other}`);
    }
    if (from === 'objectives')
      for (const family of families)
        if (withoutComments(text).includes(family))
          faults.push(`${file}: an objective names the family ${family}`);
  }
  return faults;
}

function sizeFaults(sources: Sources): string[] {
  return [...sources]
    .map(([file, text]) => ({ file, lines: text.trimEnd().split('\n').length }))
    .filter(({ file, lines }) => lines > (maximumLines[path.extname(file)] ?? Number.POSITIVE_INFINITY))
    .map(({ file, lines }) => `${file}: ${lines} lines`);
}

const typescript = readSources('ts', ['.ts']);
const native = readSources('native', ['.h', '.cc', '.cu', '.cuh']);
/** No layer: what the build itself needs. */
for (const file of native.keys()) if (file.startsWith('native/cmake/')) native.delete(file);

describe('the sources', () => {
  test('there are sources to look at', () => {
    expect(typescript.size).toBeGreaterThan(2);
  });
  test('TypeScript imports follow the order, and only ts/native loads the .node', () => {
    expect(typescriptFaults(typescript)).toEqual([]);
  });
  test('C++ includes follow the order, and only binding and loader know Node', () => {
    expect(nativeFaults(native)).toEqual([]);
  });
  test('no file is longer than it may be', () => {
    expect([...sizeFaults(typescript), ...sizeFaults(native)]).toEqual([]);
  });
  test('the program file knows the compiled command line alone', () => {
    const program = readFileSync(path.join(root, 'bin/florigen.js'), 'utf8');
    expect(importsOf(program).filter((name) => name.startsWith('.'))).toEqual(['../lib/cli/main.js']);
  });
  test('examples use the public surface alone', () => {
    for (const [file, text] of readSources('examples', ['.ts', '.js', '.mjs', '.cjs']))
      for (const specifier of importsOf(text))
        expect({ file, specifier, allowed: !specifier.startsWith('.') }).toEqual({
          file,
          specifier,
          allowed: true,
        });
  });
});

describe('planted faults are seen', () => {
  const plantTypescript = (file: string, text: string) => typescriptFaults(new Map([[file, text]]));
  const plantNative = (file: string, text: string) => nativeFaults(new Map([[file, text]]));

  test.each([
    ['ts/data/x.ts', "import { Generator } from '../models/generator';"],
    ['ts/data/x.ts', "import type { Generator } from '../models/generator';"],
    ['ts/data/x.ts', "export * from '../training/x';"],
    ['ts/formats/x.ts', "import { loadAddon } from '../native/load';"],
    ['ts/native/x.ts', "const x = await import('../data/dataset');"],
    ['ts/models/deep/x.ts', "const x = require('../../cli/main');"],
    ['ts/models/x.ts', "import { Dataset } from '../index';"],
    ['ts/models/x.ts', "const x: import('../training/x').X = y;"],
    ['ts/models/x.ts', "const addon = require('./florigen.node');"],
    ['ts/models/x.ts', "import x from '../../scripts/x';"],
    ['ts/unknown/x.ts', ''],
  ])('%s: %s', (file, text) => expect(plantTypescript(file, text)).toHaveLength(1));

  test.each([
    ['native/core/x.cc', '#include "training/loop.h"'],
    ['native/data/x.h', '#include "../networks/blocks.h"'],
    ['native/training/x.cc', '#include "inference/runtime.h"'],
    ['native/inference/x.cc', '#include <training/loop.h>'],
    ['native/training/x.cc', '#include <napi.h>'],
    ['native/core/x.cc', '#include "cuda/graph.h"'],
    ['native/loader/x.cc', '#include <torch/torch.h>'],
    ['native/networks/dcgan/x.cc', '#include "networks/reed2016/generator.h"'],
    ['native/objectives/x.cc', 'if (family == "dcgan") {}'],
    ['native/unknown/x.cc', ''],
  ])('%s: %s', (file, text) => expect(plantNative(file, text)).toHaveLength(1));

  test('what is allowed passes', () => {
    expect(plantTypescript('ts/cli/x.ts', "import '../index'; import fs from 'node:fs';")).toEqual([]);
    expect(plantTypescript('ts/native/x.ts', "require('./florigen.node'); // from '../cli/main'")).toEqual(
      [],
    );
    expect(plantNative('native/binding/x.cc', '#include <napi.h>\n#include "training/loop.h"')).toEqual([]);
    expect(plantNative('native/loader/x.cc', '#include <torch/headeronly/version.h>')).toEqual([]);
    expect(sizeFaults(new Map([['ts/data/x.ts', 'a\n'.repeat(301)]]))).toEqual(['ts/data/x.ts: 301 lines']);
  });
});
