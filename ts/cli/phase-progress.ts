import type { CommandContext } from './context';
import type { Progress } from './progress';

/** A bar for each phase, one after the other. */
export class PhaseProgress {
  private phase: string | null = null;
  private progress: Progress | null = null;

  constructor(
    private readonly context: CommandContext,
    private readonly unit: string,
  ) {}

  readonly update = ({ phase, done, total }: { phase: string; done: number; total: number }): void => {
    if (phase !== this.phase) {
      this.end();
      this.phase = phase;
      const title = `${phase[0]!.toUpperCase()}${phase.slice(1)}`;
      this.progress = this.context.output.progress({ title, unit: this.unit, total });
    }
    this.progress?.update(done, { total });
  };

  end(): void {
    this.progress?.end();
    this.progress = null;
  }
}
