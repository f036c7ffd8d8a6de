import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import type { Dataset } from '../../../ts/data/dataset';
import { readSafetensorsHeader } from '../../../ts/formats/safetensors';
import { writeSafetensors } from '../../../ts/formats/safetensors-writer';
import { exportBundle } from '../../../ts/models/bundle';
import { Generator } from '../../../ts/models/generator';
import { openModelFile, resolveModelPath } from '../../../ts/models/model-file';
import { GanTrainer } from '../../../ts/training/gan-trainer';
import { FakeAddon } from '../training/support/fake-addon';
import { tensorsOf } from '../training/support/run-contents';
import { writeTinyPack } from '../training/support/tiny-pack';

let folder: string;
let dataset: Dataset;
let run: string;
let bundle: string;
const fake = new FakeAddon();

async function train(name: string, emaDecay = 0.5): Promise<string> {
  const runFolder = path.join(folder, name);
  const options = {
    batchSize: 4,
    epochs: 2,
    emaDecay,
    textEncoder: { options: { size: 16 } },
    data: { splits: 'training' as const },
    sampleEvery: 0,
  };
  const trainer = await GanTrainer.create({ data: dataset, options, runFolder }, fake.addon);
  await trainer.trainEpoch();
  await trainer.trainEpoch();
  await trainer.dispose();
  return runFolder;
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-generator-'));
  dataset = await writeTinyPack(path.join(folder, 'tiny.safetensors'));
  run = await train('run');
  bundle = path.join(folder, 'bundle.safetensors');
  await exportBundle(run, bundle);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const load = (file: string) => Generator.load(file, undefined, fake.addon);

describe('a bundle', () => {
  test('holds the averaged weights as generator.*, and nothing of the discriminator', async () => {
    const [checkpoint] = [path.join(run, 'checkpoints/step-00000008.safetensors')];
    const [saved, exported] = [await tensorsOf(checkpoint), await tensorsOf(bundle)];
    expect(exported).toEqual({ 'generator.weight': saved['ema.weight'] });
    expect(saved['ema.weight']).not.toBe(saved['generator.weight']);
  });
  test('without an average it holds the live weights', async () => {
    const plain = await train('plain', 0);
    const out = path.join(folder, 'plain.safetensors');
    await exportBundle(plain, out);
    const saved = await tensorsOf(path.join(plain, 'checkpoints/step-00000008.safetensors'));
    expect(await tensorsOf(out)).toEqual({ 'generator.weight': saved['generator.weight'] });
  });
  test('says where it comes from', async () => {
    const { provenance, textEncoder, network, options } = await openModelFile(bundle);
    expect(provenance).toMatchObject({
      preset: 'small',
      seed: 1,
      step: 8,
      epoch: 2,
      trainedClasses: [0, 1, 2, 3],
      trainedSplits: 'training',
      trainedImages: 16,
      dataset: { name: 'tiny', source: 'folder', fingerprint: dataset.fingerprint, catalogueVersion: null },
    });
    expect(textEncoder).toMatchObject({ id: 'hashed-ngrams', options: { size: 16 } });
    expect(network).toMatchObject({ family: 'modulated', textSize: 16 });
    expect(options.batchSize).toBe(4);
  });
  test('tells nobody where the data lie', () => {
    expect(fs.readFileSync(bundle).includes(folder)).toBe(false);
    expect(fs.readFileSync(path.join(run, 'checkpoints/step-00000008.safetensors')).includes(folder)).toBe(
      false,
    );
  });
  test('equal runs export equal bundles, also from a bundle', async () => {
    const again = path.join(folder, 'again.safetensors');
    await exportBundle(bundle, again);
    expect(fs.readFileSync(again)).toEqual(fs.readFileSync(bundle));
  });
});

describe('generate', () => {
  test('picture k of a prompt has seed + k, prompt after prompt', async () => {
    const generator = await load(bundle);
    const images = await generator.generate({
      prompts: ['a red one', 'a blue one'],
      count: 3,
      seed: 2 ** 32 - 2,
    });
    expect(images.map(({ prompt, seed }) => [prompt, seed])).toEqual([
      ['a red one', 2 ** 32 - 2],
      ['a red one', 2 ** 32 - 1],
      ['a red one', 0],
      ['a blue one', 2 ** 32 - 2],
      ['a blue one', 2 ** 32 - 1],
      ['a blue one', 0],
    ]);
    await generator.dispose();
  });
  test('a picture does not depend on its companions, nor on the batch that it falls into', async () => {
    const generator = await load(bundle);
    const many = await generator.generate({ prompts: ['a red one', 'a blue one'], count: 40, seed: 5 });
    const [alone] = await generator.generate({ prompts: 'a blue one', seed: 5 + 33 });
    expect(many[40 + 33]!.data).toEqual(alone!.data);
    expect(many[33]!.data).not.toEqual(alone!.data);
    await generator.dispose();
  });
  test('a picture has its bytes and is a PNG', async () => {
    const generator = await load(bundle);
    const [image] = await generator.generate({ prompts: 'a red one' });
    expect([image!.width, image!.height, image!.data.length]).toEqual([64, 64, 64 * 64 * 3]);
    const raw = await sharp(await image!.toPng())
      .raw()
      .toBuffer();
    expect(new Uint8Array(raw)).toEqual(image!.data);
    await generator.dispose();
  });
  test('a run, its checkpoint and its bundle draw alike; the average draws, not the live weights', async () => {
    const drawn = [];
    for (const file of [run, path.join(run, 'checkpoints/step-00000008.safetensors'), bundle]) {
      const generator = await load(file);
      drawn.push((await generator.generate({ prompts: 'a red one', seed: 3 }))[0]!.data);
      await generator.dispose();
    }
    expect(drawn[1]).toEqual(drawn[0]);
    expect(drawn[2]).toEqual(drawn[0]);
    const trainer = await GanTrainer.resume(run, {}, fake.addon);
    expect((await trainer.sample('a red one', [3]))[0]!.data).toEqual(drawn[0]);
    await trainer.dispose();
  });
  test('refuses bad requests, and work after dispose', async () => {
    const generator = await load(bundle);
    for (const bad of [
      { prompts: '' },
      { prompts: 'a', count: 0 },
      { prompts: 'a', seed: -1 },
      { prompts: 'a', count: 1e9 },
    ])
      await expect(generator.generate(bad)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(generator.generate({ prompts: 'a', signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    await generator.dispose();
    await generator.dispose();
    await expect(generator.generate({ prompts: 'a' })).rejects.toMatchObject({ code: 'DISPOSED' });
    expect(fake.alive.size).toBe(0);
  });
});

describe('files', () => {
  test('a run folder: its bundle where that is as new, else its newest checkpoint', async () => {
    expect(path.basename(await resolveModelPath(run))).toBe('step-00000008.safetensors');
    await exportBundle(
      path.join(run, 'checkpoints/step-00000004.safetensors'),
      path.join(run, 'bundle.safetensors'),
    );
    expect(path.basename(await resolveModelPath(run))).toBe('step-00000008.safetensors');
    await exportBundle(run, path.join(run, 'bundle.safetensors'));
    expect(path.basename(await resolveModelPath(run))).toBe('bundle.safetensors');
  });
  test('what is missing, foreign, short, altered or newer is refused by name, and leaves no handle', async () => {
    const bad = path.join(folder, 'bad.safetensors');
    const bytes = fs.readFileSync(bundle);
    const newer = Buffer.from(
      bytes.toString('latin1').replace('"formatVersion":"1"', '"formatVersion":"2"'),
      'latin1',
    );
    const foreign = path.join(folder, 'foreign.safetensors');
    await writeSafetensors(foreign, {
      tensors: [{ name: 'x', dtype: 'F32', shape: [1], data: new Uint8Array(4) }],
    });
    const altered = Buffer.from(bytes);
    altered[altered.length - 1]! ^= 1;
    for (const content of [
      bytes.subarray(0, bytes.length - 1),
      altered,
      newer,
      fs.readFileSync(foreign),
      Buffer.alloc(0),
    ]) {
      fs.writeFileSync(bad, content);
      await expect(load(bad)).rejects.toMatchObject({
        code: 'CHECKPOINT',
        message: expect.stringContaining('bad.safetensors'),
      });
    }
    await expect(load(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'CHECKPOINT' });
    await expect(load(dataset.path)).rejects.toMatchObject({ code: 'CHECKPOINT' });
    fs.mkdirSync(path.join(folder, 'empty'));
    await expect(load(path.join(folder, 'empty'))).rejects.toMatchObject({ code: 'CHECKPOINT' });
    expect(fake.alive.size).toBe(0);
  });
  test('a bundle whose tensor has another shape is refused by the name of the tensor', async () => {
    const { metadata } = await readSafetensorsHeader(bundle);
    const odd = path.join(folder, 'odd.safetensors');
    const { contentSha256: _, ...rest } = Object.fromEntries(metadata);
    const data = new Uint8Array(8);
    await writeSafetensors(odd, {
      metadata: rest,
      tensors: [{ name: 'generator.weight', dtype: 'F32', shape: [2], data }],
    });
    await expect(load(odd)).rejects.toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringContaining('generator.weight'),
    });
    expect(fake.alive.size).toBe(0);
  });
});
