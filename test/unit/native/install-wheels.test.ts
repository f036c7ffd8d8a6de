import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installWheels, isWanted } from '../../../ts/native/install-wheels';
import type { PinnedSet } from '../../../ts/native/libtorch-pin';
import { pinnedSet } from '../../../ts/native/libtorch-pin';
import { pipArguments } from '../../../ts/native/pip';
import { fileDigest } from '../../../ts/native/wheel-store';

const fixtures = join(__dirname, 'fixtures');
const file = 'florigen_probe-1.0-py3-none-any.whl';

let home: string;
let set: PinnedSet;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'florigen-install-'));
  const sha256 = await fileDigest(join(fixtures, file));
  const wheel = { name: 'florigen-probe', version: '1.0', file, platform: 'manylinux_2_28_x86_64', sha256 };
  const members = ['probe/wanted.txt', 'florigen_probe-1.0.dist-info/'];
  set = { diskBytes: 1000, pythonVersion: '3.11', abi: 'cp311', wheels: [{ ...wheel, members }] };
});
afterEach(() => rmSync(home, { recursive: true }));

const target = () => join(home, 'probe-1.0');
const install = (from: string, check: (folder: string) => void = () => {}) =>
  installWheels(set, target(), { from, environment: { FLORIGEN_HOME: home } }, check);

test('unpacks only the members that are asked for, once', async () => {
  expect(await install(fixtures)).toBe(true);
  expect(readFileSync(join(target(), 'probe/wanted.txt'), 'utf8')).toBe('wanted');
  expect(existsSync(join(target(), 'probe/unwanted.txt'))).toBe(false);
  expect(existsSync(join(target(), 'florigen_probe-1.0.dist-info/METADATA'))).toBe(true);
  expect(await install(fixtures)).toBe(false);
  expect(readdirSync(home)).toEqual(['probe-1.0']);
});

test('fetches through pip from a place of links, and removes the download once it is installed', async () => {
  await install(pathToFileURL(fixtures).href);
  expect(readFileSync(join(target(), 'probe/wanted.txt'), 'utf8')).toBe('wanted');
  expect(readdirSync(join(home, 'downloads'))).toEqual([]);
}, 120_000);

test('refuses an altered wheel and leaves nothing behind', async () => {
  writeFileSync(join(home, file), readFileSync(join(fixtures, file)).fill(0, 40, 41));
  await expect(install(home)).rejects.toThrow(/SHA-256 of florigen_probe.* must be .*, but is .* instead/);
  expect(existsSync(target())).toBe(false);
});

test('an interrupted installation keeps whole downloads and drops damaged ones', async () => {
  const downloads = join(home, 'downloads');
  mkdirSync(downloads, { recursive: true });
  await copyFile(join(fixtures, file), join(downloads, file));
  // No index can serve this address: only the kept file can.
  const nowhere = pathToFileURL(join(home, 'nowhere/')).href;
  const interrupted = install(nowhere, () => {
    throw new Error('interrupted');
  });
  await expect(interrupted).rejects.toThrow('interrupted');
  expect(readdirSync(downloads)).toEqual([file]);
  expect(readdirSync(home).filter((name) => name.includes('tmp'))).toEqual([]);
  expect(await install(nowhere)).toBe(true);

  rmSync(target(), { recursive: true });
  writeFileSync(join(downloads, file), 'half of a file');
  await expect(install(nowhere)).rejects.toMatchObject({ code: 'LIBRARY' });
  expect(readdirSync(downloads)).toEqual([]);
}, 120_000);

test('clears what a killed set-up left and takes its lock over', async () => {
  mkdirSync(`${target()}.tmp-999999999`);
  writeFileSync(`${target()}.lock`, '999999999');
  await install(fixtures);
  expect(readdirSync(home)).toEqual(['probe-1.0']);
});

test('two at once install once', async () => {
  const done = await Promise.all([install(fixtures), install(fixtures)]);
  expect(done.filter(Boolean)).toHaveLength(1);
});

test('refuses a disk without room, by name', async () => {
  set.diskBytes = 1e18;
  await expect(install(fixtures)).rejects.toMatchObject({
    code: 'IO',
    message: expect.stringContaining(home),
  });
});

test('says which file a folder lacks', async () => {
  await expect(install(home)).rejects.toThrow(`The folder ${home} must hold ${file}`);
});

test('a member is a name, a folder, or everything', () => {
  expect(isWanted('torch/lib/a.so', ['torch/lib/a.so'])).toBe(true);
  expect(isWanted('torch/lib/a.so.1', ['torch/lib/a.so'])).toBe(false);
  expect(isWanted('torch/include/x/y.h', ['torch/include/'])).toBe(true);
  expect(isWanted('torch/included.h', ['torch/include/'])).toBe(false);
  expect(isWanted('anything', [''])).toBe(true);
});

test('asks pip for exactly the pinned file, whatever Python there is', () => {
  const torch = pinnedSet('cpu', 'linux-x64');
  const [wheel] = torch.wheels;
  const spoken = pipArguments(torch, wheel!, { kind: 'index' }, '/cache').join(' ');
  expect(spoken).toBe(
    '-m pip download --no-deps --disable-pip-version-check --no-input --dest /cache --only-binary=:all: ' +
      `--python-version 3.11 --implementation cp --abi cp311 --platform ${wheel!.platform} torch==${wheel!.version}`,
  );
});

test('every pinned wheel has a digest, and a platform without a pin is refused with a way out', () => {
  for (const flavour of ['cpu', 'cuda', 'cudaCompiler'] as const) {
    for (const { sha256 } of pinnedSet(flavour, 'linux-x64').wheels) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(() => pinnedSet('cpu', 'win32-arm64')).toThrow('no pinned LibTorch (cpu) for win32-arm64');
});
