/** Handles that nobody holds are freed by garbage collection, on the engine thread. */
import { childTestMs, runChild } from './support/child';
import { TinyData } from './support/tiny-gan';

jest.setTimeout(childTestMs);
const data = new TinyData();
afterAll(() => data.remove());

async function collect(mode: string, generatorFeatures = 8) {
  const args = [mode, JSON.stringify(data.options(generatorFeatures))];
  const outcome = await runChild({ script: 'collect', args, nodeFlags: ['--expose-gc'] });
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(outcome.stdout);
}

test('V8 is told how much a handle weighs, so that it collects in time', async () => {
  const { result } = await collect('pressure', 32);
  expect(result.made).toBeGreaterThan(400);
  // Without that knowledge nothing is collected: a handle itself is a few bytes.
  expect(result.rise).toBeLessThan(result.made / 2);
});

test('trainers that were dropped do not stay in memory', async () => {
  const { result } = await collect('resident', 64);
  // Twelve trainers a round: even one in four that stayed would show as three of them.
  expect(result.rounds[2] - result.rounds[1]).toBeLessThan(3 * result.trainer);
  expect(result.trainer).toBeGreaterThan(5);
});

test('a run outlives its handle', async () => {
  const { result } = await collect('running');
  expect(result).toEqual({ nextStep: 20, globalStep: 20, cancelled: false });
});
