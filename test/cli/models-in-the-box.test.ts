// What comes with the package, as a stranger finds it: no data, no run, an empty folder.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { CATALOGUE, CATALOGUE_VERSION } from '../../ts/data/flowers/catalogue';
import { openEncoderFile } from '../../ts/models/encoder-file';
import { FeatureNetwork } from '../../ts/models/feature-network';
import { openModelFile } from '../../ts/models/model-file';
import { packagedEncoder, packagedFeatures, packagedModel } from '../../ts/models/packaged';
import { florigen } from './run-florigen';

jest.setTimeout(120_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-box-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const idsOf = (...splits: string[]) =>
  CATALOGUE.filter(({ split }) => splits.includes(split)).map(({ id }) => id);

test('generate without --model draws with the model in the box, and says so', async () => {
  const out = path.join(folder, 'flower.png');
  const prompt = 'a sentence nobody wrote: azure petals, and in the middle a yellow heart';
  const { code, stdout, stderr } = await florigen(['generate', '--prompt', prompt, '--out', out], {
    cwd: folder,
  });
  expect(code).toBe(0);
  expect(stderr).toContain('No --model is given, so the one that comes with florigen draws');
  expect(stdout).toContain(out);
  const { channels } = await sharp(out).stats();
  expect(Math.min(...channels.slice(0, 3).map(({ stdev }) => stdev))).toBeGreaterThan(10);
});

test('the model is small, and has seen no test species', async () => {
  expect(fs.statSync(packagedModel).size).toBeLessThan(12e6);
  const { provenance, textEncoder, file } = await openModelFile(packagedModel);
  expect(provenance.dataset.catalogueVersion).toBe(CATALOGUE_VERSION);
  expect([...provenance.trainedClasses].sort((a, b) => a - b)).toEqual(idsOf('training', 'validation'));
  expect(file.tensors.get('generator.project.weight')?.dtype).toBe('F16');
  expect(textEncoder.id).toBe('char-cnn-rnn');
});

test('the feature network guided the model, and the one that reads in acceptance is another', async () => {
  expect(fs.statSync(packagedFeatures).size).toBeLessThan(4e6);
  await using network = await FeatureNetwork.load(packagedFeatures, { threads: 1 });
  expect(network.provenance).toMatchObject({ trainedClasses: [], catalogueVersion: CATALOGUE_VERSION });
  expect((await openModelFile(packagedModel)).provenance.guide?.fingerprint).toBe(network.trunk);
  await using reader = await FeatureNetwork.load('test/accept/reader.safetensors', { threads: 1 });
  expect(reader.trunk).not.toBe(network.trunk);
});

test('the encoder is small, has seen the training species alone, and is the one that the model carries', async () => {
  expect(fs.statSync(packagedEncoder).size).toBeLessThan(20e6);
  const { textEncoder, provenance } = await openEncoderFile(packagedEncoder);
  expect(provenance.trainedClasses).toEqual(idsOf('training'));
  expect(textEncoder.fingerprint).toBe((await openModelFile(packagedModel)).textEncoder.fingerprint);
});
