import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const hook = join(__dirname, '../../support/typescript-hook.js');

export interface ChildOutcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface ChildRequest {
  /** A file of test/addon/children, without its extension. */
  script: string;
  args: string[];
  nodeFlags?: string[];
  /** A limit of the address space, in KiB. */
  addressKilobytes?: number;
  onOutput?: (soFar: string, child: ChildProcess) => void;
}

/** A child takes one to ten seconds on a quiet machine; on one with twenty busy processes it was seen to take 80. */
const hangMs = 180_000;
/** The time limit of a test that runs several children. */
export const childTestMs = 600_000;

/** Runs a script in a process of its own. A hang is killed, so that its signal is SIGKILL. */
export function runChild(request: ChildRequest): Promise<ChildOutcome> {
  const { script, args, nodeFlags = [], addressKilobytes, onOutput } = request;
  const file = join(__dirname, '../children', `${script}.ts`);
  const command = [process.execPath, ...nodeFlags, '-r', hook, file, ...args];
  const limit = addressKilobytes === undefined ? '' : `ulimit -v ${addressKilobytes} && `;
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...command]);
  const timer = setTimeout(() => child.kill('SIGKILL'), hangMs);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    output.stdout += text;
    onOutput?.(output.stdout, child);
  });
  child.stderr.on('data', (text) => {
    output.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...output });
    });
  });
}
