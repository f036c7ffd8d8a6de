import { Progress, type ProgressSink, type ProgressState, progressLine } from './progress';

type Writable = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;
export interface OutputOptions {
  /** One JSON object a line on standard output, and nothing else there. */
  json: boolean;
  stdout?: Writable;
  stderr?: Writable;
  /** Milliseconds between two lines of progress where no terminal is; grows to a minute in long runs. */
  lineIntervalMs?: number;
}

/**
 * All that a command prints. Results go to standard output; progress and remarks to standard error, so that a
 * pipe receives results alone. With `json`, events go to standard output and remarks nowhere.
 */
export class Output {
  readonly json: boolean;
  private readonly stdout: Writable;
  private readonly stderr: Writable;
  private readonly lineIntervalMs: number;
  private readonly notices = new Set<string>();

  constructor(options: OutputOptions) {
    this.json = options.json;
    this.stdout = options.stdout ?? process.stdout;
    this.stderr = options.stderr ?? process.stderr;
    this.lineIntervalMs = options.lineIntervalMs ?? 5000;
  }

  /** A result: text for a person, or `{ event, ...fields }` for a program. */
  result(event: string, fields: object, text: string): void {
    if (this.json) this.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
    else this.stdout.write(`${text}\n`);
  }

  /** A remark on the way, for a person only. */
  remark(text: string): void {
    if (!this.json) this.stderr.write(`${text}\n`);
  }

  /** What a user should know of the device: once, however many say it. Empty says nothing. */
  notice(text: string): void {
    if (text === '' || this.notices.has(text)) return;
    this.notices.add(text);
    this.event('notice', { text });
    this.remark(text);
  }

  /** An event for programs only. */
  event(event: string, fields: object): void {
    if (this.json) this.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
  }

  progress(about: { title: string; unit: string; total: number; done?: number }): Progress {
    return new Progress(this.progressSink(), about);
  }

  private progressSink(): ProgressSink {
    if (this.json) {
      const emit = (state: ProgressState) => this.event('progress', eventFields(state));
      return { intervalMs: () => 1000, show: emit, end: (state, shown) => !shown && emit(state) };
    }
    if (!this.stderr.isTTY) {
      const intervalMs = (elapsed: number) => Math.max(this.lineIntervalMs, Math.min(60_000, elapsed / 20));
      const line = (state: ProgressState) => void this.stderr.write(`${progressLine(state, false)}\n`);
      return { intervalMs, show: line, end: (state, shown) => !shown && line(state) };
    }
    const draw = (state: ProgressState) => {
      const text = progressLine(state, true).slice(0, Math.max(20, (this.stderr.columns || 80) - 1));
      this.stderr.write(`\r\u001b[2K${text}`);
    };
    return {
      intervalMs: () => 100,
      show: draw,
      end: (state) => {
        draw(state);
        this.stderr.write('\n');
      },
    };
  }
}

function eventFields(state: ProgressState): object {
  const finite = (value: number) => (Number.isFinite(value) ? Number(value.toFixed(3)) : null);
  const { title, unit, done, total, note } = state;
  return {
    title,
    unit,
    done,
    total,
    perSecond: finite(state.perSecond),
    secondsLeft: finite(state.secondsLeft),
    note,
  };
}

/** A reader that went away (`florigen ... | head`) ends the printing, not the work. */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}
