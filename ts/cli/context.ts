import type { Command } from 'commander';
import { ExitCode } from './exit-codes';
import { Output } from './output';
import { Interruption } from './signals';

/** What an action gets besides its options. */
export interface CommandContext {
  output: Output;
  /** From here on the first SIGINT or SIGTERM aborts the signal; `remark` is what a person is told then. */
  listen(remark: string): Interruption;
}

/** An action returns its exit code; nothing means 0. */
export type Action<Options> = (
  context: CommandContext,
  options: Options,
  args: string[],
) => Promise<ExitCode | undefined>;

/** One run of the program: the exit code, and the signal that ended it. */
export class Session {
  exitCode: ExitCode = ExitCode.ok;
  json = false;
  interruption: Interruption | null = null;

  /**
   * Binds an action that is imported only when its command runs, so that `--help` loads nothing.
   * @param more reads further options once the command line is parsed
   */
  bind<Options extends object>(
    command: Command,
    load: () => Promise<{ run: Action<Options> }>,
    more: () => object = () => ({}),
  ): void {
    command.action(async () => {
      const options = { ...command.opts<Options & { json?: boolean }>(), ...more() };
      this.json = options.json === true;
      const output = new Output({ json: this.json });
      const { run } = await load();
      const args = command.processedArgs.flat().filter((value) => value !== undefined);
      const listen = (remark: string) => this.listen(output, remark);
      this.exitCode = (await run({ output, listen }, options, args)) ?? ExitCode.ok;
    });
  }

  private listen(output: Output, remark: string): Interruption {
    this.interruption ??= new Interruption((name) => {
      output.event('signal', { name });
      output.remark(`\n${name}: ${remark} (once more ends at once)`);
    });
    return this.interruption;
  }
}
