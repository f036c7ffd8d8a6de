import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Dataset } from '../../../../ts/data/dataset';
import { CATALOGUE } from '../../../../ts/data/flowers/catalogue';
import { PackWriter } from '../../../../ts/data/pack-writer';
import { encoderReport, encoderSummary } from '../../../../ts/evaluation/encoder/encoder-report';
import { evaluateEncoder, sharedColors } from '../../../../ts/evaluation/encoder/evaluate-encoder';
import { writeSafetensors } from '../../../../ts/formats/safetensors-writer';
import { HashedNgramEncoder } from '../../../../ts/models/hashed-ngrams';
import type { TextEncoder } from '../../../../ts/models/text-encoder';

let folder: string;
let dataset: Dataset;
const at = (name: string) => path.join(folder, name);
const colors = ['red', 'blue', 'white', 'pink'];

/** Four classes of two pictures; the captions name the class. The first class trains, the other three are the test. */
async function writePack(): Promise<Dataset> {
  const writer = await PackWriter.create(at('pack.safetensors'), {
    ...{
      name: 'four',
      source: 'folder',
      classes: colors,
      zeroShot: true,
      sizes: [2],
      resize: 'crop',
      imageCount: 8,
    },
  });
  for (let i = 0; i < 8; i++)
    await writer.addImage(i, {
      pixels: { 2: new Uint8Array(12) },
      classId: i >> 1,
      split: i < 2 ? 'training' : 'test',
      captions: [0, 1].map((k) => ({ text: `${colors[i >> 1]} ${i} ${k}`, held: false })),
      source: { path: `${i}.png` },
    });
  await writer.finish();
  return await Dataset.open(at('pack.safetensors'));
}

/** Two views of eight images; the second view would turn every answer around. */
const first = [0, 0, 0, 0, 1, 0, 2, 1, 1, 2, 0, 3, 3, 2.9, -1, -1];
async function writeFeatures(name: string, metadata: Record<string, string> = {}): Promise<string> {
  const views = Float32Array.from({ length: 32 }, (_, i) => {
    const value = first[2 * Math.floor(i / 4) + (i % 2)]!;
    return i % 4 < 2 ? value : -value;
  });
  const data = new Uint8Array(views.buffer);
  await writeSafetensors(at(name), {
    ...{ metadata, tensors: [{ name: 'features', dtype: 'F32', shape: [8, 2, 2], data }] },
  });
  return at(name);
}

/** Blue is (1, 0), white is (0, 1), pink is (-1, -1); the first caption of an image is a little longer than the other. */
function encoder(provenance?: Record<string, unknown>): TextEncoder {
  const axis: Record<string, number[]> = { blue: [1, 0], white: [0, 1], pink: [-1, -1], red: [0, 0] };
  return {
    ...{ id: 'fake', fingerprint: 'f0', options: {}, sizes: { sentence: 2 }, provenance, tensors: () => [] },
    encode: async (texts) => {
      const rows = texts.map((text) =>
        axis[text.split(' ')[0]!]!.map((x) => x * (text.endsWith('0') ? 1.5 : 0.5)),
      );
      return { sentence: { data: Float32Array.from(rows.flat()), shape: [texts.length, 2] } };
    },
  };
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-evaluate-'));
  dataset = await writePack();
  await writeFeatures('own.safetensors');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

test('view 1 of each image against the mean text of each class, by hand', async () => {
  const features = at('own.safetensors');
  const result = await evaluateEncoder({ encoder: encoder(), dataset, features });
  // blue (1, 0), (2, 1): right, right. white (1, 2), (0, 3): right, right. pink (3, 2.9): blue; (-1, -1): right.
  expect(result.zeroShot!.top1).toMatchObject({ successes: 5, trials: 6 });
  expect(result.zeroShot!.perClass.map(({ classId, right }) => [classId, right])).toEqual([
    [1, 2],
    [2, 2],
    [3, 1],
  ]);
  // Highest for blue: (3, 2.9), of pink; for white: (0, 3), of white; for pink: (-1, -1), of pink.
  expect(result.zeroShot!.ap[0]!.value).toBeCloseTo(2 / 3);
  expect(result.data).toMatchObject({ images: 6, captions: 12, classes: 3 });
  expect(result).toMatchObject({ features: { trainingKnown: false }, probes: null, triples: null, bars: {} });
  expect(result.colorWords).toBeNull();
  expect(result.nearestMean!.top1.trials).toBe(6);
  expect(encoderReport([result], { title: 'T', facts: [] })).toContain('does not say which classes');
  expect(encoderSummary(result)).toMatch(/zero-shot top-1 +83\.3 % \[/);
});

test('n-grams share no space with images: nothing is measured of images', async () => {
  const result = await evaluateEncoder({ encoder: new HashedNgramEncoder(), dataset });
  expect([result.zeroShot, result.nearestMean, result.features]).toEqual([null, null, null]);
  const alone = await evaluateEncoder({ encoder: encoder({ features: null }), dataset });
  expect(alone.zeroShot).toBeNull();
});

test('features that nothing would be measured with are refused by name', async () => {
  const features = at('own.safetensors');
  for (const unread of [new HashedNgramEncoder(), encoder({ features: null })])
    await expect(evaluateEncoder({ encoder: unread, dataset, features })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(
        `\`features\` must be left out with ${unread.id}, which was trained on`,
      ),
    });
});

describe('refused is', () => {
  const evaluate = (provenance: Record<string, unknown>, features = at('own.safetensors')) =>
    evaluateEncoder({ encoder: encoder(provenance), dataset, features });

  test('an encoder that has seen classes of the split, in this pack alone', async () => {
    const trainedClasses = [0, 2];
    await expect(evaluate({ trainedClasses, pack: dataset.fingerprint })).rejects.toMatchObject({
      code: 'DATA',
      message:
        'The text encoder must not have been trained on classes of the test split, but has seen 1 of them (white).',
    });
    await expect(evaluate({ trainedClasses, pack: 'another' })).resolves.toMatchObject({ split: 'test' });
    await expect(evaluate({ trainedClasses: [0], pack: dataset.fingerprint })).resolves.toMatchObject({
      split: 'test',
    });
  });

  test('features whose network has seen them', async () => {
    const provenance = JSON.stringify({ trainedClasses: [3, 1, 2], pack: dataset.fingerprint });
    const features = await writeFeatures('seen.safetensors', { provenance });
    await expect(evaluate({}, features)).rejects.toThrow(
      /^The network of the image features must not .* has seen 3 of them \(blue, white, pink\)\.$/,
    );
  });

  test('features other than those that the encoder was trained on, or of another width', async () => {
    const features = await writeFeatures('other.safetensors', { networkFingerprint: 'b'.repeat(64) });
    await expect(evaluate({ features: 'a'.repeat(64) }, features)).rejects.toThrow(
      '`features` must be those that the encoder was trained on (aaaaaaaaaaaa), but is "bbbbbbbbbbbb" instead',
    );
    const wide = { ...encoder(), sizes: { sentence: 3 } };
    await expect(evaluateEncoder({ encoder: wide, dataset, features })).rejects.toThrow(
      /`features` must be as wide as the embeddings of the encoder \(3\), but is 2/,
    );
  });

  test('a split without two classes', async () => {
    const options = { encoder: encoder(), dataset, split: 'validation' as const };
    await expect(evaluateEncoder(options)).rejects.toThrow(
      /at least two classes in the validation split .* has 0\.$/,
    );
  });
});

test('features of the same network in another precision are taken', async () => {
  const [source, half, trunk] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
  const features = await writeFeatures('half.safetensors', {
    networkFingerprint: half!,
    networkTrunk: trunk!,
  });
  const evaluate = (featureTrunk: string | undefined) =>
    evaluateEncoder({ encoder: encoder({ features: source, featureTrunk }), dataset, features });
  expect((await evaluate(trunk)).features).toMatchObject({ source: half });
  await expect(evaluate('d'.repeat(64))).rejects.toThrow(/`features` must be those that the encoder/);
  await expect(evaluate(undefined)).rejects.toMatchObject({
    hint: expect.stringContaining('`--features FILE`'),
  });
});

test('features that lie beside the pack are taken by the encoder that was trained on them', async () => {
  const beside = await writeFeatures('pack.features-aaaaaaaaaaaa.safetensors', {
    networkFingerprint: 'a'.repeat(64),
  });
  await writeFeatures('pack.features-bbbbbbbbbbbb.safetensors', { networkFingerprint: 'b'.repeat(64) });
  const own = encoder({ features: 'a'.repeat(64) });
  await expect(evaluateEncoder({ encoder: own, dataset })).resolves.toMatchObject({
    features: { source: 'a'.repeat(64) },
  });
  await expect(evaluateEncoder({ encoder: encoder(), dataset })).rejects.toThrow(/`features` must say which/);
  expect(fs.existsSync(beside)).toBe(true);
});

test('of the test species all share both colors with another; the largest of each pair', () => {
  const test = CATALOGUE.filter(({ split }) => split === 'test');
  const labels = test.flatMap(({ id, images }) => Array<number>(images).fill(id));
  // 168 of 209, 62 of 103, 47 of 90, 216 of 257, 52 of 96, 60 of 100, 64 of 109, 57 of 106, 247 of 298, 258 of 484
  expect(sharedColors(labels)).toEqual({ species: 20, sharing: 20, pairs: 10, largestOfPair: 1231 / 1852 });
  const [one, other] = test.filter(({ attributes }) => attributes.petalColor === 'brown').map(({ id }) => id);
  const alone = test.find(({ attributes }) => attributes.petalColor === 'white')!.id;
  expect(sharedColors([one!, other!, other!, alone])).toEqual({
    species: 3,
    sharing: 2,
    pairs: 2,
    largestOfPair: 0.75,
  });
});
