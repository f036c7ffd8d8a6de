/** What is said of a run folder, in the process of the test and with a fake engine. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Output } from '../../ts/cli/output';
import { inspectRun } from '../../ts/cli/run-summary';
import type { Dataset } from '../../ts/data/dataset';
import { checkpointPaths } from '../../ts/models/model-file';
import { openTextEncoder } from '../../ts/models/open-encoder';
import { FeatureTrainer } from '../../ts/training/feature-trainer';
import { GanTrainer } from '../../ts/training/gan-trainer';
import { TextEncoderTrainer } from '../../ts/training/text-encoder-trainer';
import { FakeAddon } from '../unit/training/support/fake-addon';
import { writeTinyPack } from '../unit/training/support/tiny-pack';

let folder: string;
let dataset: Dataset;
let fake: FakeAddon;
const at = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-summary-'));
  dataset = await writeTinyPack(at('tiny.safetensors'));
  fake = new FakeAddon();
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** What `inspect` prints, for a person and for a program. */
async function inspected(run: string): Promise<{ text: string; fields: Record<string, unknown> }> {
  const print = async (json: boolean) => {
    const printed: string[] = [];
    const stdout = { write: (text: string) => printed.push(text) > 0, isTTY: false, columns: 80 };
    await inspectRun(new Output({ json, stdout: stdout as never }), at(run));
    return printed.join('');
  };
  return { text: await print(false), fields: JSON.parse(await print(true)) };
}

/** Three epochs of four steps; no image features. */
async function encoderRun(run: string): Promise<TextEncoderTrainer> {
  const options = {
    preset: 'sje-coco',
    convolutionSize: 8,
    embeddingSize: 8,
    epochs: 3,
    batchSize: 4,
    precision: 'ieee',
  } as const;
  return await TextEncoderTrainer.create({ data: dataset, options, runFolder: at(run) }, fake.addon);
}

/** Trains as far as `step`, or to the end; the file is written where the end is reached. */
async function trainTo(trainer: TextEncoderTrainer | FeatureTrainer, step = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  fake.beforeStep = (next) => next === step && controller.abort();
  while (!trainer.done && !controller.signal.aborted) await trainer.trainEpoch({ signal: controller.signal });
  fake.beforeStep = () => {};
  if (trainer.done)
    await (trainer instanceof FeatureTrainer ? trainer.exportNetwork() : trainer.exportEncoder());
  await trainer.dispose();
}

test('an encoder’s run: how far it is, its last metrics, what it ended with', async () => {
  await trainTo(await encoderRun('run'), 6);
  const stopped = await inspected('run');
  expect(stopped.fields).toMatchObject({
    kind: 'run',
    trains: 'encoder',
    preset: 'sje-coco',
    network: { architecture: 'char-cnn-gru', convolutionSize: 8, embeddingSize: 8 },
    data: { name: 'tiny', path: dataset.path },
    provenance: { trainedSplits: 'training' },
    ...{ step: 6, stepCount: 12, epoch: 1, epochCount: 3, finished: false, file: null },
    metrics: { epoch: 1, encoderLoss: expect.any(Number) },
    checkpoints: [{ step: 6 }, { step: 4 }],
  });
  expect(stopped.text).toMatch(/a training run of a text encoder, not finished\n/);
  expect(stopped.text).toMatch(/6 of 12 steps, 1 of 3 epochs\n[\s\S]*encoderLoss \d+\.\d+, accuracy/);
  expect(stopped.text).toMatch(/nothing yet\n.*florigen encoder train --resume .*run\n/);

  await trainTo(await TextEncoderTrainer.resume(at('run'), {}, fake.addon));
  const { text, fields } = await inspected('run');
  const file = path.join(at('run'), 'encoder.safetensors');
  expect(fields).toMatchObject({ step: 12, finished: true, file: { path: file, step: 12 } });
  expect(text).toMatch(/a training run of a text encoder, finished\n[\s\S]*12 of 12 steps, 3 of 3 epochs\n/);
  expect(text).not.toContain('--resume');
});

test('a run of a feature network; one that has not saved; a GAN’s', async () => {
  const options = { epochs: 2, batchSize: 4, precision: 'ieee' } as const;
  const create = (run: string) =>
    FeatureTrainer.create({ data: dataset, options, runFolder: at(run) }, fake.addon);
  await trainTo(await create('features'));
  const { text, fields } = await inspected('features');
  expect(fields).toMatchObject({ trains: 'features', step: 8, epoch: 2, finished: true });
  expect(text).toMatch(/a training run of a feature network, finished[\s\S]*googlenet-small, inputSize 64\n/);

  await (await create('begun')).dispose();
  expect((await inspected('begun')).fields).toMatchObject({
    ...{ step: 0, stepCount: null, epoch: 0, epochCount: 2, finished: false },
    ...{ metrics: null, file: null, provenance: null, checkpoints: [] },
  });

  const gan = await GanTrainer.create(
    { data: dataset, options: { batchSize: 4, steps: 1, sampleEvery: 0 }, runFolder: at('gan') },
    fake.addon,
  );
  await gan.trainEpoch();
  await gan.dispose();
  expect((await inspected('gan')).fields).toMatchObject({ kind: 'run', trains: 'gan', checkpoints: [{}] });
});

test('what is bad in a run is told, and no failure', async () => {
  await trainTo(await encoderRun('run'));
  const file = path.join(at('run'), 'encoder.safetensors');
  const [newest] = await checkpointPaths(at('run'));
  for (const bad of [file, newest!.path]) fs.truncateSync(bad, fs.statSync(bad).size - 1);
  const { text, fields } = await inspected('run');
  expect(fields).toMatchObject({
    step: 12,
    finished: false,
    file: { path: file, fault: expect.any(String) },
  });
  expect(fields.checkpoints).toMatchObject([{ step: 12, fault: expect.any(String) }, { step: 8 }]);
  expect(text).toMatch(/ended with +`.*encoder\.safetensors` must be a florigen text encoder/);
});

describe('the encoder of a run', () => {
  const refusal = async (run: string) =>
    await openTextEncoder(at(run), fake.addon).catch((error: { code: string }) => error);

  test('is that of a finished one; what it knew on the way is refused with the way on', async () => {
    await (await encoderRun('run')).dispose();
    expect(await refusal('run')).toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringMatching(/is not finished: it stands at step 0, and there is no encoder/),
      hint: `Finish it with \`florigen encoder train --resume ${at('run')}\`.`,
    });
    await trainTo(await TextEncoderTrainer.resume(at('run'), {}, fake.addon), 6);
    expect(await refusal('run')).toMatchObject({ message: expect.stringContaining('stands at step 6') });
    await trainTo(await TextEncoderTrainer.resume(at('run'), {}, fake.addon));
    expect((await openTextEncoder(at('run'), fake.addon)).provenance).toMatchObject({ step: 12 });
  });

  test('is not the one from before the run was lengthened, which its own path still names', async () => {
    await trainTo(await encoderRun('run'));
    const longer = { options: { epochs: 5 } };
    await trainTo(await TextEncoderTrainer.resume(at('run'), longer, fake.addon), 14);
    const file = path.join(at('run'), 'encoder.safetensors');
    expect(await refusal('run')).toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringMatching(/stands at step 14, and encoder\.safetensors is of step 12\.$/),
      hint: expect.stringMatching(
        /encoder train --resume .*name the earlier encoder by its file, .*run\/enc/,
      ),
    });
    expect((await openTextEncoder(file, fake.addon)).provenance).toMatchObject({ step: 12 });
    const { text, fields } = await inspected('run');
    expect(fields).toMatchObject({ step: 14, stepCount: 20, finished: false, file: { step: 12 } });
    expect(text).toMatch(/of step 12: the run went on\n/);
  });

  test('is none where the run trains a feature network', async () => {
    const options = { epochs: 1, batchSize: 4, precision: 'ieee' } as const;
    await trainTo(await FeatureTrainer.create({ data: dataset, options, runFolder: at('net') }, fake.addon));
    expect(await refusal('net')).toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringContaining('trains a feature network instead'),
    });
  });
});
