import { bytes, count, duration, rate, table } from '../../ts/cli/format';
import { Output } from '../../ts/cli/output';
import { Progress, type ProgressState, progressLine } from '../../ts/cli/progress';

function progressAt(intervalMs: number) {
  const shown: ProgressState[] = [];
  const ended: ProgressState[] = [];
  const clock = { ms: 1000 };
  const sink = {
    intervalMs: () => intervalMs,
    show: (state: ProgressState) => void shown.push(state),
    end: (state: ProgressState, again: boolean) => void (again || ended.push(state)),
  };
  const progress = new Progress(sink, { title: 'T', unit: 'images', total: 100 }, () => clock.ms);
  return { shown, ended, clock, progress };
}

test('the rate is that of the last twenty seconds, so a slow start does not spoil the time left', () => {
  const { shown, clock, progress } = progressAt(0);
  clock.ms += 60_000;
  progress.update(1);
  expect(shown.at(-1)!.perSecond).toBeCloseTo(1 / 60);
  for (let second = 1; second <= 30; second++) {
    clock.ms += 1000;
    progress.update(1 + second);
  }
  expect(shown.at(-1)!.perSecond).toBeCloseTo(1, 1);
  expect(shown.at(-1)!.secondsLeft).toBeCloseTo(69, 0);
});

test('what was done before does not count as speed', () => {
  const shown: ProgressState[] = [];
  const sink = {
    intervalMs: () => 0,
    show: (state: ProgressState) => void shown.push(state),
    end: () => undefined,
  };
  let now = 0;
  const progress = new Progress(sink, { title: 'T', unit: 'steps', total: 100, done: 90 }, () => now);
  now = 5000;
  progress.update(95);
  expect(shown[0]).toMatchObject({ perSecond: 1, secondsLeft: 5 });
});

test('nothing is shown more often than the sink asks, and the end is shown once', () => {
  const { shown, ended, clock, progress } = progressAt(5000);
  for (let i = 1; i <= 100; i++) {
    clock.ms += 100;
    progress.update(i);
  }
  expect(shown.map((state) => state.done)).toEqual([50, 100]);
  progress.end();
  progress.end();
  expect(ended).toHaveLength(0);
});

test('a line says what, how far, how fast and how long yet', () => {
  const state = { title: 'Training', unit: 'steps', done: 450, total: 900, perSecond: 2.5, secondsLeft: 180 };
  const all = { ...state, elapsedSeconds: 180, note: 'D 0.93' };
  expect(progressLine(all, false)).toBe('Training  50%  450/900 steps  2.50/s  3:00 min left  D 0.93');
  expect(progressLine(all, true)).toContain('[############............]');
  expect(progressLine({ ...all, done: 900 }, false)).toContain('in 3:00 min');
});

function writable(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 60, write: (text: string) => written.push(text) > 0 };
}

test('a terminal gets a bar that is drawn over, cut to its width', async () => {
  const stderr = writable(true);
  const progress = new Output({ json: false, stderr: stderr as never }).progress({
    title: 'T'.repeat(80),
    unit: 'x',
    total: 2,
  });
  progress.update(1);
  progress.end();
  expect(stderr.written.at(-1)).toBe('\n');
  for (const text of stderr.written.slice(0, -1)) {
    expect(text.startsWith('\r\u001b[2K')).toBe(true);
    expect(text.length - '\r\u001b[2K'.length).toBeLessThan(60);
  }
});

test('elsewhere there are plain lines without control characters', () => {
  const stderr = writable(false);
  const progress = new Output({ json: false, stderr: stderr as never, lineIntervalMs: 0 }).progress({
    title: 'Packing',
    unit: 'images',
    total: 2,
  });
  progress.update(1);
  progress.update(2);
  progress.end();
  expect(stderr.written).toHaveLength(2);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(stderr.written.join('')).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test('a program gets events on standard output, and remarks nowhere', () => {
  const stdout = writable(true);
  const stderr = writable(true);
  const output = new Output({ json: true, stdout: stdout as never, stderr: stderr as never });
  const progress = output.progress({ title: 'Packing', unit: 'images', total: 2 });
  progress.update(1);
  progress.end();
  output.remark('for people');
  output.result('done', { path: 'x.png' }, 'for people');
  expect(stdout.written.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ event: 'progress', done: 1, total: 2, unit: 'images' }),
    { event: 'done', path: 'x.png' },
  ]);
  expect(stderr.written).toEqual([]);
});

test('numbers are written for people', () => {
  expect([count(1234567), duration(42.4), duration(187), duration(7500), duration(Number.NaN)]).toEqual([
    '1,234,567',
    '42 s',
    '3:07 min',
    '2:05 h',
    '?',
  ]);
  expect([rate(0.42), rate(7.314), rate(52.44), rate(1234), rate(0)]).toEqual([
    '0.42/s',
    '7.31/s',
    '52.4/s',
    '1,234/s',
    '?/s',
  ]);
  expect([bytes(512), bytes(48_200_000)]).toEqual(['512 B', '48.2 MB']);
  expect(
    table([
      ['a', 'b'],
      ['longer', 'c', 'd'],
    ]),
  ).toBe('  a       b\n  longer  c  d');
});
