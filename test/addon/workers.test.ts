/** Worker threads: one environment at a time owns the engine, and its end in mid-step harms nothing. */
import { childTestMs, runChild } from './support/child';
import { TinyData } from './support/tiny-gan';

jest.setTimeout(childTestMs);
const data = new TinyData();
afterAll(() => data.remove());
const options = JSON.stringify(data.options());

/** The JSON lines that the child said; a child that crashed or hung fails here. */
async function said(mode: string, expectedCode = 0): Promise<unknown[]> {
  const { code, signal, stdout, stderr } = await runChild({ script: 'workers', args: [mode, options] });
  expect({ mode, code, signal, stderr: expectedCode === 1 ? '' : stderr }).toEqual({
    mode,
    code: expectedCode,
    signal: null,
    stderr: '',
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const oneStep = { nextStep: 1, globalStep: 1, cancelled: false };

test('workers that are terminated in mid-step leave a whole engine', async () => {
  await expect(said('terminate')).resolves.toEqual([...Array(15).fill('started'), oneStep]);
});

test('workers may be terminated at any moment of their start', async () => {
  await expect(said('terminate-early')).resolves.toEqual([oneStep]);
});

test('a worker may exit, throw or end by itself', async () => {
  await expect(said('worker-exit')).resolves.toEqual([5, oneStep]);
  await expect(said('worker-throw')).resolves.toEqual(['uncaught in a worker', oneStep]);
  const all = { nextStep: 3, globalStep: 3, cancelled: false };
  await expect(said('worker-ends')).resolves.toEqual([['started', all], oneStep]);
});

test('a second environment is refused while the first lives', async () => {
  await expect(said('second-environment')).resolves.toEqual([oneStep, 'BUSY', oneStep]);
  await expect(said('two-workers')).resolves.toEqual(['started', 'BUSY', 'started']);
});

test('the main thread may exit or throw while a worker runs', async () => {
  for (let attempt = 0; attempt < 3; ++attempt) {
    await expect(said('main-exits', 4)).resolves.toEqual(['started']);
    await expect(said('main-throws', 1)).resolves.toEqual(['started']);
  }
});
