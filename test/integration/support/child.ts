import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { TrainingInput } from '../../../ts/models/option-schema';

const root = path.resolve(__dirname, '../../..');

/** A training process and what it says. */
export class TrainingChild {
  readonly process: ChildProcess;
  output = '';
  /** Resolves when the process has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #listeners = new Set<() => void>();

  constructor(runFolder: string, pack: string, options: TrainingInput) {
    const hook = path.join(root, 'test/support/typescript-hook.js');
    const script = path.join(root, 'test/integration/children/train.ts');
    this.process = spawn(process.execPath, ['-r', hook, script, runFolder, pack, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout!, this.process.stderr!])
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
        for (const listener of this.#listeners) listener();
      });
    this.ended = new Promise((resolve) => {
      this.process.once('close', (code, signal) => {
        resolve({ code, signal });
        for (const listener of this.#listeners) listener();
      });
    });
  }

  /** Waits until the process has reported a step or a later one, since it reports no more than ten a second. */
  async reaches(step: number): Promise<boolean> {
    return await new Promise((resolve) => {
      const check = () => {
        const said = [...this.output.matchAll(/step (\d+)\n/g)].some(([, at]) => Number(at) >= step);
        if (!said && this.process.exitCode === null && this.process.signalCode === null) return;
        this.#listeners.delete(check);
        resolve(said);
      };
      this.#listeners.add(check);
      check();
    });
  }

  /** Waits for the end. @throws Error with the output unless it ended well */
  async endsWell(): Promise<void> {
    const { code, signal } = await this.ended;
    if (code !== 0) throw new Error(`the process ended with ${code ?? signal}:\n${this.output}`);
  }
}
