/** The typed table of ts/native/addon.ts, the comments in native/binding/ and the loaded library say the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAddon } from '../../ts/native/load';
import { testDevice } from '../support/device';

const root = join(__dirname, '../..');

const oneLine = (text: string) =>
  text.replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/,? \)/g, ')').trim();

/** The methods of the interface, one line each, without their comments. */
function typedSignatures(): string[] {
  const source = readFileSync(join(root, 'ts/native/addon.ts'), 'utf8');
  const body = /export interface FlorigenAddon \{([\s\S]*?)\n\}/.exec(source)?.[1];
  if (body === undefined) throw new Error('ts/native/addon.ts has no FlorigenAddon');
  const lines = body.replace(/\/\*\*[\s\S]*?\*\//g, '').replace(/^\s*\n/gm, '');
  // A method starts at an indent of two; the lines of a long one lie deeper or close it.
  return lines.split(/;\n(?= {2}\w)/).map((method) => oneLine(method).replace(/;$/, ''));
}

/** The comments of the bound functions: `// name(...): Type;` over one or more lines. */
function boundSignatures(): string[] {
  const folder = join(root, 'native/binding');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cc'))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const comments = text.matchAll(
        /((?:^\/\/.*\n)+)Napi::Value \w+\(const Napi::CallbackInfo& info\) \{/gm,
      );
      return [...comments].map((match) => oneLine(match[1]!.replace(/^\/\/ ?/gm, '')).replace(/;$/, ''));
    });
}

test('every bound function carries the signature of the typed table', () => {
  expect(boundSignatures().sort()).toEqual(typedSignatures().sort());
  expect(typedSignatures().length).toBeGreaterThan(10);
});

test('the library exports exactly these functions', () => {
  const addon = loadAddon({ device: testDevice }) as unknown as Record<string, unknown>;
  const names = typedSignatures().map((signature) => signature.split('(')[0]);
  expect(Object.keys(addon).sort()).toEqual(names.sort());
  for (const name of names) expect(typeof addon[name!]).toBe('function');
});
