import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FlorigenError } from '../errors';
import { ioError, systemCode } from '../formats/io-error';

const lockName = 'run.lock';

interface Owner {
  pid: number;
  host: string;
  /** When the process started, in the kernel's clock ticks since boot; tells processes of one number apart. */
  startTicks: string;
}

/**
 * Says that a process owns a run folder. The lock of a process that is gone, killed or not, is taken over; one of
 * another host is believed.
 */
export class RunLock {
  readonly #path: string;
  readonly #content: string;

  private constructor(file: string, content: string) {
    this.#path = file;
    this.#content = content;
  }

  /** @throws FlorigenError `LOCKED` naming the owner, `IO` */
  static async acquire(folder: string): Promise<RunLock> {
    const file = path.join(folder, lockName);
    const owner: Owner = { pid: process.pid, host: os.hostname(), startTicks: startTicksOf(process.pid) };
    const content = `${JSON.stringify(owner)}\n`;
    const aside = `${file}.tmp-${process.pid}-${Date.now()}`;
    try {
      // A link appears with its content, so that nobody ever reads an empty lock.
      await fs.promises.writeFile(aside, content);
      while (!(await linked(aside, file))) await removeStale(file, folder);
      return new RunLock(file, content);
    } catch (error) {
      throw ioError(file, 'could not be written', error);
    } finally {
      await fs.promises.rm(aside, { force: true });
    }
  }

  /** Gives the folder back; may be called again. */
  async release(): Promise<void> {
    const content = await fs.promises.readFile(this.#path, 'utf8').catch(() => '');
    if (content === this.#content) await fs.promises.rm(this.#path, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await fs.promises.link(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a dead process. Two processes may try at once: whoever renames it decides what it held. */
async function removeStale(file: string, folder: string): Promise<void> {
  const content = await readIfThere(file);
  if (content === null) return;
  const owner = parseOwner(content);
  if (owner === null || isAlive(owner)) throw lockedError(folder, owner);
  const stale = `${file}.tmp-${process.pid}-stale`;
  try {
    await fs.promises.rename(file, stale);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const taken = await readIfThere(stale);
  if (taken !== null && taken !== content) await linked(stale, file);
  await fs.promises.rm(stale, { force: true });
}

function lockedError(folder: string, owner: Owner | null): FlorigenError {
  const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new FlorigenError('LOCKED', `\`${folder}\` is in use by ${who}.`, {
    hint: `Stop that process first; if it is gone for certain, remove ${path.join(folder, lockName)}.`,
  });
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await fs.promises.readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function parseOwner(content: string): Owner | null {
  try {
    const owner = JSON.parse(content) as Owner;
    return Number.isInteger(owner.pid) && typeof owner.host === 'string' ? owner : null;
  } catch {
    return null;
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.host !== os.hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
  return owner.startTicks === '' || startTicksOf(owner.pid) === owner.startTicks;
}

/** Field 22 of /proc/PID/stat; empty where there is no such file. The name in field 2 may hold spaces. */
function startTicksOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
