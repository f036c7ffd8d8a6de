import { count, duration, rate } from './format';

export interface ProgressState {
  title: string;
  unit: string;
  done: number;
  total: number;
  perSecond: number;
  secondsLeft: number;
  /** Since the first update. */
  elapsedSeconds: number;
  /** Figures worth a glance, such as the losses. */
  note: string;
}

/** Where progress goes: a bar that is drawn over, lines, or events for programs. */
export interface ProgressSink {
  /** Milliseconds between two calls of `show`, `elapsedMs` after the start. */
  intervalMs(elapsedMs: number): number;
  show(state: ProgressState): void;
  /** The last state of all, which `show` may have had before; the bar gets its line end here. */
  end(state: ProgressState, shown: boolean): void;
}

const windowMs = 20_000;

/** Counts, and works out rate and time left over the last twenty seconds, so that a slow start is forgotten. */
export class Progress {
  private readonly marks: { at: number; done: number }[] = [];
  private readonly startedAt: number;
  private shownAt: number;
  private shown: ProgressState | null = null;
  private state: ProgressState;
  private open = true;
  private updated = false;

  constructor(
    private readonly sink: ProgressSink,
    about: { title: string; unit: string; total: number; done?: number },
    private readonly now: () => number = () => performance.now(),
  ) {
    const { title, unit, total, done = 0 } = about;
    const unknown = { perSecond: Number.NaN, secondsLeft: Number.NaN, elapsedSeconds: 0, note: '' };
    this.state = { title, unit, total, done, ...unknown };
    this.startedAt = this.now();
    this.shownAt = this.startedAt;
    this.marks.push({ at: this.startedAt, done });
  }

  update(done: number, changes: { total?: number; note?: string } = {}): void {
    this.updated = true;
    const at = this.now();
    this.marks.push({ at, done });
    while (this.marks.length > 2 && this.marks[1]!.at < at - windowMs) this.marks.shift();
    const first = this.marks[0]!;
    const perSecond = at > first.at ? ((done - first.done) * 1000) / (at - first.at) : Number.NaN;
    const total = changes.total ?? this.state.total;
    const secondsLeft = (total - done) / perSecond;
    const elapsedSeconds = (at - this.startedAt) / 1000;
    const note = changes.note ?? this.state.note;
    this.state = { ...this.state, done, total, perSecond, secondsLeft, elapsedSeconds, note };
    if (at - this.shownAt < this.sink.intervalMs(at - this.startedAt)) return;
    this.shownAt = at;
    this.shown = this.state;
    this.sink.show(this.state);
  }

  /** Idempotent, so that it can stand in a `finally`; says nothing of work that never began. */
  end(): void {
    if (this.open && this.updated) this.sink.end(this.state, this.state.done === this.shown?.done);
    this.open = false;
  }
}

/** "Training  [######....]  1,234/4,000 steps  7.31/s  6:18 min left  D 0.93 G 1.02" */
export function progressLine(state: ProgressState, bar: boolean): string {
  const { title, unit, done, total, perSecond, secondsLeft, note } = state;
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const filled = Math.round(share * 24);
  const shape = bar ? `[${'#'.repeat(filled)}${'.'.repeat(24 - filled)}]` : `${Math.floor(share * 100)}%`;
  const left = done < total ? `${duration(secondsLeft)} left` : `in ${duration(state.elapsedSeconds)}`;
  const parts = [title, shape, `${count(done)}/${count(total)} ${unit}`, rate(perSecond), left, note];
  return parts.filter((part) => part !== '').join('  ');
}
