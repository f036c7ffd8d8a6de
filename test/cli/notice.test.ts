/** Where an NVIDIA driver is but no LibTorch with CUDA, whatever computes says once that the CPU does the work. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run as demo } from '../../ts/cli/actions/demo';
import { run as evaluateAttributes } from '../../ts/cli/actions/evaluate-attributes';
import { run as extract } from '../../ts/cli/actions/features-extract';
import { run as generate } from '../../ts/cli/actions/generate';
import type { Action } from '../../ts/cli/context';
import { Output } from '../../ts/cli/output';
import { Interruption } from '../../ts/cli/signals';
import { FeatureTrainer } from '../../ts/training/feature-trainer';
import { GanTrainer } from '../../ts/training/gan-trainer';
import { writeTinyPack } from '../unit/training/support/tiny-pack';

jest.setTimeout(300_000);

const notice = 'the CPU does the work';
jest.mock('../../ts/native/load', () => {
  const { FakeAddon } = jest.requireActual('../unit/training/support/fake-addon');
  const { addon } = new FakeAddon();
  return {
    chooseDevice: () => ({ device: 'cpu', notice: 'the CPU does the work' }),
    loadAddon: () => addon,
  };
});

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-notice-'));
const at = (name: string) => path.join(folder, name);
let pack: string;
let network: string;
let bundle: string;

beforeAll(async () => {
  const data = await writeTinyPack(at('tiny.safetensors'));
  pack = data.path;
  const options = { batchSize: 4, steps: 1, precision: 'ieee' } as const;
  const features = await FeatureTrainer.create({ data, options, runFolder: at('net') });
  await features.trainEpoch();
  network = (await features.exportNetwork()).path;
  await features.dispose();
  const gan = await GanTrainer.create({
    data,
    options: { ...options, sampleEvery: 0 },
    runFolder: at('gan'),
  });
  await gan.trainEpoch();
  bundle = (await gan.exportBundle()).path;
  await gan.dispose();
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** What an action prints on both streams; an error that it ends with is none of this test's business. */
async function printed<Options>(
  action: Action<Options>,
  options: Options,
  { args = [], json = false }: { args?: string[]; json?: boolean } = {},
): Promise<string> {
  const lines: string[] = [];
  const sink = { write: (text: string) => lines.push(text) > 0, isTTY: false, columns: 80 } as never;
  const interruption = new Interruption(() => undefined);
  const output = new Output({ json, stdout: sink, stderr: sink });
  try {
    await action({ output, listen: () => interruption }, options, args);
  } catch (error) {
    lines.push(String(error));
  } finally {
    interruption.dispose();
  }
  return lines.join('');
}

const device = 'auto' as const;
const drawing = { prompt: ['a red bloom'], count: 1, seed: 0, device };
const measuring = { split: 'test', seed: 0, device } as const;
const demoOptions = { images: 102, hybrids: 0, steps: 1, seed: 0 };

test.each([
  ['generate', () => printed(generate, { ...drawing, model: bundle, out: at('x.png') })],
  ['features extract', () => printed(extract, { network }, { args: [pack] })],
  ['evaluate attributes', () => printed(evaluateAttributes, { ...measuring, model: bundle, data: pack })],
  [
    'evaluate attributes with two networks',
    () => printed(evaluateAttributes, { ...measuring, model: bundle, data: pack, features: network }),
  ],
  // before the minutes of training, not only before the pictures
  ['demo', async () => (await printed(demo, { ...demoOptions, out: at('demo') })).split('Training')[0]!],
  ['demo of a whole run', () => printed(demo, { ...demoOptions, out: at('demo') })],
])('%s: said once', async (_, print) => {
  expect((await print()).split(notice)).toHaveLength(2);
});

test('a program is told by an event', async () => {
  const text = await printed(generate, { ...drawing, model: bundle, out: at('y.png') }, { json: true });
  expect(text).toContain(JSON.stringify({ event: 'notice', text: notice }));
});
