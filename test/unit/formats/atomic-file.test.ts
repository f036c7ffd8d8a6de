import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  AtomicFile,
  sweepTemporaries,
  writeAtomically,
  writeFileAtomic,
} from '../../../ts/formats/atomic-file';
import { writeSafetensors } from '../../../ts/formats/safetensors-writer';
import { FaultyFileSystem } from './faulty-file-system';

let folder: string;
let target: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-atomic-'));
  target = path.join(folder, 'checkpoint');
  fs.writeFileSync(target, 'old');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const save = () =>
  writeSafetensors(target, {
    tensors: [
      { name: 'a', dtype: 'U8', shape: [3_000_000], data: new Uint8Array(3_000_000).fill(7) },
      { name: 'b', dtype: 'U8', shape: [5], data: new Uint8Array(5) },
    ],
  });

test('writes, syncs, renames, syncs the folder, and only then says that it is saved', async () => {
  const faults = new FaultyFileSystem();
  try {
    await save();
    faults.log.push('saved');
  } finally {
    faults.restore();
  }
  const calls = faults.log.map((call) => call.split(' ')[0]);
  expect(calls.filter((call, i) => call !== 'write' || calls[i - 1] !== 'write')).toEqual([
    'open',
    'write',
    'sync',
    'close',
    'rename',
    'open',
    'sync',
    'close',
    'saved',
  ]);
  const files = faults.log.map((call) => call.split(' ')[1]);
  expect(files.filter((_, i) => calls[i] === 'sync')).toEqual([files[0], folder]);
  expect(files[0]).toMatch(/checkpoint\.tmp-\d+-\d+$/);
});

describe('when a call fails', () => {
  test.each(['EIO', 'ENOSPC'])('with %s, at every one of its places', async (code) => {
    const places = new Map<string, number>();
    for (let k = 0; ; k++) {
      const faults = new FaultyFileSystem({ failAt: k, code });
      const error = await save().then(
        () => null,
        (reason: unknown) => reason,
      );
      faults.restore();
      if (error === null) {
        expect(faults.failed).toBeNull();
        break;
      }
      const failed = faults.failed!;
      places.set(failed.name, (places.get(failed.name) ?? 0) + 1);
      expect(error).toMatchObject({ code: 'IO', message: expect.stringContaining(code) });
      expect((error as { hint: string }).hint).not.toBe('');
      // A failed fsync is never tried again on the same file.
      expect(faults.log.filter((call) => call === `sync ${failed.path}`).length).toBeLessThanOrEqual(1);
      const renamed = faults.log.some((call) => call.startsWith('rename')) && failed.name !== 'rename';
      expect(fs.readdirSync(folder)).toEqual(['checkpoint']);
      if (!renamed) expect(fs.readFileSync(target, 'utf8')).toBe('old');
      fs.writeFileSync(target, 'old');
    }
    expect([...places.keys()].sort()).toEqual(['close', 'open', 'rename', 'sync', 'write']);
    expect(places.get('write')).toBeGreaterThan(4);
  });

  test('the next save goes through', async () => {
    const faults = new FaultyFileSystem({ failAt: 3, code: 'EIO' });
    await expect(save()).rejects.toMatchObject({ code: 'IO' });
    await save();
    faults.restore();
    expect(fs.statSync(target).size).toBeGreaterThan(3_000_000);
  });

  test('a missing folder and a folder in the place of the file are named', async () => {
    await expect(writeFileAtomic(path.join(folder, 'none', 'x'), 'y')).rejects.toMatchObject({ code: 'IO' });
    fs.mkdirSync(path.join(folder, 'taken'));
    await expect(writeFileAtomic(path.join(folder, 'taken'), 'y')).rejects.toMatchObject({ code: 'IO' });
    expect(fs.readdirSync(folder).sort()).toEqual(['checkpoint', 'taken']);
  });

  test('an error of the source passes through, the old file stays', async () => {
    const reason = new Error('the engine failed');
    const write = writeSafetensors(target, {
      tensors: [{ name: 'a', dtype: 'U8', shape: [9], data: async () => Promise.reject(reason) }],
    });
    await expect(write).rejects.toBe(reason);
    expect(fs.readFileSync(target, 'utf8')).toBe('old');
    expect(fs.readdirSync(folder)).toEqual(['checkpoint']);
  });
});

test('a system that writes a few bytes at a time gets everything written', async () => {
  const faults = new FaultyFileSystem({ shortWrites: 1000 });
  await writeFileAtomic(target, Buffer.alloc(10_500, 'flower '));
  faults.restore();
  expect(fs.readFileSync(target)).toEqual(Buffer.alloc(10_500, 'flower '));
  expect(faults.log.filter((call) => call.startsWith('write'))).toHaveLength(11);
});

test('writeAtomically drops the file when its body throws', async () => {
  await expect(
    writeAtomically(target, async (file) => {
      await file.write(Buffer.from('half'));
      throw new Error('stop');
    }),
  ).rejects.toThrow('stop');
  expect(fs.readdirSync(folder)).toEqual(['checkpoint']);
});

describe('sweepTemporaries', () => {
  test('takes what dead processes left, and leaves what is in use or is none of ours', async () => {
    const dead = 4_194_304 + 7; // above the largest process id of Linux
    const own = await AtomicFile.create(target);
    for (const name of [
      `a.tmp-${dead}-0`,
      `checkpoint.tmp-${dead}-12`,
      'b.tmp-1-x',
      'c.tmp',
      `d.tmp-${process.ppid}-0`,
    ]) {
      fs.writeFileSync(path.join(folder, name), '');
    }
    expect(await sweepTemporaries(folder, 'checkpoint')).toEqual([`checkpoint.tmp-${dead}-12`]);
    expect(await sweepTemporaries(folder)).toEqual([`a.tmp-${dead}-0`]);
    expect(fs.readdirSync(folder)).toContain(path.basename(own.temporaryPath));
    expect(fs.readdirSync(folder)).toHaveLength(5);
    await own.abort();
    expect(await sweepTemporaries(path.join(folder, 'none'))).toEqual([]);
  });

  test('takes an old file of a process that had our number before us', async () => {
    const old = path.join(folder, `x.tmp-${process.pid}-0`);
    fs.writeFileSync(old, '');
    fs.utimesSync(old, 1, 1);
    expect(await sweepTemporaries(folder)).toEqual([path.basename(old)]);
  });
});
