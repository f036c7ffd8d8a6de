/** Ways to end a process while the engine works: the right exit code, no crash (134, 139), no hang. */
import { childTestMs, runChild } from './support/child';
import { TinyData } from './support/tiny-gan';

jest.setTimeout(childTestMs);
const data = new TinyData();
afterAll(() => data.remove());
const options = JSON.stringify(data.options());

const end = (mode: string, onOutput?: Parameters<typeof runChild>[0]['onOutput']) =>
  runChild({ script: 'exits', args: [mode, options], ...(onOutput === undefined ? {} : { onOutput }) });

test.each([
  ['process.exit() in mid-step', 'exit', 3, ''],
  ['process.exit() with jobs waiting', 'queue', 0, ''],
  ['an uncaught throw in mid-step', 'throw', 1, 'uncaught on purpose'],
  ['an unhandled rejection in mid-step', 'rejection', 1, 'rejected on purpose'],
  ['process.exit() while a trainer is made', 'exit-while-creating', 0, ''],
  ['a natural end after a run', 'exit-code', 7, ''],
])('%s', async (_, mode, code, stderr) => {
  for (let attempt = 0; attempt < 3; ++attempt) {
    const outcome = await end(mode);
    expect(outcome).toMatchObject({ code, signal: null, stderr: expect.stringContaining(stderr) });
    if (stderr === '') expect(outcome.stderr).toBe('');
  }
});

test('a pending run keeps the process alive until it is done', async () => {
  const { code, stdout } = await end('natural');
  expect({ code, finished: stdout.includes('finished') }).toEqual({ code: 0, finished: true });
});

test('SIGTERM ends the process at once, and a handler may exit', async () => {
  const kill: Parameters<typeof end>[1] = (soFar, child) => {
    if (soFar.includes('started')) child.kill('SIGTERM');
  };
  await expect(end('signal', kill)).resolves.toMatchObject({ code: null, signal: 'SIGTERM' });
  await expect(end('handled-signal', kill)).resolves.toMatchObject({ code: 143, signal: null });
});

test('stopEngine ends the run in hand, and later calls are refused', async () => {
  const { code, stdout } = await end('stop');
  expect(code).toBe(0);
  expect(stdout).toContain('"cancelled":true');
  expect(stdout.trimEnd().endsWith('DISPOSED')).toBe(true);
});
