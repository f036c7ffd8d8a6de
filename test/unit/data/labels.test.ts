import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Dataset } from '../../../ts/data/dataset';
import { labelTable } from '../../../ts/data/labels';
import { planSource, type TrainingSplits, trainingImages } from '../../../ts/data/plan-source';
import { writeSmallPack } from '../../support/small-pack';
import { writeTinyPack } from '../training/support/tiny-pack';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-labels-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function labelsOf(dataset: Dataset, splits: TrainingSplits) {
  const training = trainingImages(planSource(dataset, Math.max(...dataset.sizes)), splits);
  const { heads, labels } = labelTable(dataset, training);
  const rows = Array.from({ length: dataset.imageCount }, (_, i) => [
    ...labels.subarray(i * heads.length, (i + 1) * heads.length),
  ]);
  return { heads, rows };
}

test('a class is its place among those that train; images held out have no label', async () => {
  const dataset = await writeTinyPack(path.join(folder, 'tiny.safetensors'));
  const { heads, rows } = labelsOf(dataset, 'training');
  expect(heads).toEqual([{ name: 'class', classes: 4 }]);
  rows.forEach(([label], image) => {
    const trains = dataset.split(image) === 'training';
    expect({ image, label }).toEqual({ image, label: trains ? dataset.classOf(image) : -1 });
  });
  const both = labelsOf(dataset, 'trainval');
  expect(both.heads).toEqual([{ name: 'class', classes: 5 }]);
  // the test class, 4, has no place: the validation class takes it
  both.rows.forEach(([label], image) => {
    const due = [0, 1, 2, 3, -1, 4][dataset.classOf(image)];
    expect({ image, label }).toEqual({ image, label: due });
  });
});

test('known attributes with names have a head each, of training images alone', async () => {
  const file = path.join(folder, 'small.safetensors');
  await writeSmallPack(file);
  const { heads, rows } = labelsOf(await Dataset.open(file), 'trainval');
  expect(heads).toEqual([
    { name: 'class', classes: 2 },
    { name: 'petalColor', classes: 2 },
  ]);
  expect(rows).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
    [-1, -1],
    [-1, -1],
  ]);
  // one class is nothing to tell apart, but its attributes are
  expect(labelsOf(await Dataset.open(file), 'training')).toEqual({
    heads: [{ name: 'petalColor', classes: 2 }],
    rows: [[0], [1], [-1], [-1], [-1], [-1]],
  });
});

test('where there is nothing to learn, it is said', async () => {
  const dataset = await writeTinyPack(path.join(folder, 'classless.safetensors'), { classes: false });
  expect(() => labelsOf(dataset, 'training')).toThrow(/must have at least two training classes/);
});
