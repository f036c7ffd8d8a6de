import { ExitCode } from './exit-codes';

/** Aborts `signal` at the first SIGINT or SIGTERM; a second one ends the process as if nobody listened. */
export class Interruption {
  private readonly controller = new AbortController();
  private received: 'SIGINT' | 'SIGTERM' | null = null;
  private readonly listener = (name: NodeJS.Signals) => this.receive(name as 'SIGINT' | 'SIGTERM');

  constructor(private readonly onFirst: (name: 'SIGINT' | 'SIGTERM') => void) {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, this.listener);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** 130 or 143 after a signal, else null. */
  get exitCode(): ExitCode | null {
    if (this.received === null) return null;
    return this.received === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated;
  }

  dispose(): void {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, this.listener);
  }

  private receive(name: 'SIGINT' | 'SIGTERM'): void {
    if (this.received === null) {
      this.received = name;
      this.onFirst(name);
      this.controller.abort();
      return;
    }
    // The default action runs no destructors of LibTorch, which a step in mid-flight would not survive.
    this.dispose();
    process.kill(process.pid, name);
  }
}
