import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

export const root = path.resolve(__dirname, '../..');
export const program = path.join(root, 'bin/florigen.js');

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  seconds: number;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  nodeArgs?: string[];
  /** Gets all output so far whenever there is more, and the process, to signal it. */
  onOutput?: (soFar: string, child: ChildProcess) => void;
  timeoutMs?: number;
}

/** Runs the compiled program, as a user does, and waits for its end. */
export function florigen(args: string[], options: RunOptions = {}): Promise<Outcome> {
  const { cwd = root, env = {}, nodeArgs = [], onOutput, timeoutMs = 300_000 } = options;
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeArgs, program, ...args], {
    cwd,
    env: { ...process.env, FLORIGEN_DEBUG: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      onOutput?.(output.stdout + output.stderr, child);
    });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

/** The JSON lines of a standard output; throws where a line is none. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
