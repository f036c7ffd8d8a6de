import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { readSafetensorsHeader, readTensor, verifyContent } from '../../ts/formats/safetensors';

const hook = path.join(__dirname, '..', 'support', 'typescript-hook.js');
const child = (name: string) => ['-r', hook, path.join(__dirname, 'children', `${name}.ts`)];

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-crash-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Runs the saving child until some time after its first save, kills it, and returns the last step it announced. */
async function killOnce(writer: string, firstStep: number, delayMs: number): Promise<number> {
  const saver = spawn(process.execPath, [...child('save-forever'), folder, writer, String(firstStep)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const ended = new Promise((resolve) => saver.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    saver.stdout.on('data', (text) => {
      output += text;
      resolve();
    });
    saver.on('close', () => reject(new Error('the child ended before it saved')));
  });
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  saver.kill('SIGKILL');
  await ended;
  return Number(/saved (\d+)\n$/.exec(output)?.[1]);
}

/** The step that the file holds, or null where it is not whole. */
async function stepOf(file: string): Promise<number | null> {
  try {
    const opened = await readSafetensorsHeader(file);
    if (opened.metadata.has('contentSha256')) await verifyContent(opened);
    const step = Number(opened.metadata.get('step'));
    const data = await readTensor(opened, 'x');
    return data.every((byte) => byte === (step & 0xff)) ? step : null;
  } catch {
    return null;
  }
}

/** Kills until `done` says so. */
async function killLoop(writer: string, done: (kills: number, corrupt: number) => boolean) {
  const file = path.join(folder, 'checkpoint.safetensors');
  let step = 1;
  let corrupt = 0;
  let lost = 0;
  let orphans = 0;
  let kills = 0;
  for (; !done(kills, corrupt); kills++) {
    const announced = await killOnce(writer, step, (kills * 7) % 41);
    const held = await stepOf(file);
    if (held === null) corrupt++;
    else if (held < announced) lost++;
    orphans += fs.readdirSync(folder).length - 1;
    step = announced + 1;
  }
  return { kills, corrupt, lost, orphans };
}

test('killed at any moment, the file is whole and holds at least the last step announced', async () => {
  const result = await killLoop('atomic', (kills) => kills === 25);
  expect(result).toMatchObject({ kills: 25, corrupt: 0, lost: 0 });
  // Each start sweeps what the kill before it left; and some kills did come in the middle of a save.
  expect(result.orphans).toBeGreaterThan(0);
  expect(result.orphans).toBeLessThanOrEqual(result.kills);
});

test('a naive writer, as the control, does not survive that', async () => {
  expect((await killLoop('naive', (kills, corrupt) => corrupt > 0 || kills === 60)).corrupt).toBeGreaterThan(
    0,
  );
});

test('a disk that is full gives one sentence and a hint, keeps the old file, and leaves nothing behind', async () => {
  const file = path.join(folder, 'checkpoint.safetensors');
  fs.writeFileSync(file, 'old');
  const command = 'ulimit -f "$1"; shift; exec "$@"';
  const blocks = String((2 << 20) / 512);
  const arguments_ = ['-c', command, 'sh', blocks, process.execPath, ...child('save-once'), file];
  const { stdout, stderr } = await promisify(execFile)('/bin/sh', arguments_);
  const error = JSON.parse(stdout);
  expect(error.code).toBe('IO');
  expect(error.message).toBe(
    `\`${file}\` could not be written: the file would be larger than allowed (EFBIG).`,
  );
  expect(error.hint).toContain('ulimit -f');
  expect(stderr).toBe('');
  expect(fs.readFileSync(file, 'utf8')).toBe('old');
  expect(fs.readdirSync(folder)).toEqual(['checkpoint.safetensors']);
});
