/** Files of version 1 load for ever: the fixtures are never rewritten, and these tests never loosened. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Dataset } from '../../ts/data/dataset';
import { readSafetensorsHeader, readTensor } from '../../ts/formats/safetensors';
import { smallImage, smallLayout } from '../support/small-pack';

const file = path.join(__dirname, 'fixtures', 'v1', 'pack.safetensors');
const python = JSON.parse(
  fs.readFileSync(path.join(__dirname, 'fixtures', 'v1', 'pack.python.json'), 'utf8'),
);

test('a pack of version 1 opens and holds what was put into it', async () => {
  const pack = await Dataset.open(file);
  await pack.verify();
  const { imageCount, ...description } = smallLayout;
  expect(pack.metadata).toEqual(description);
  expect([pack.imageCount, pack.captionCount]).toEqual([imageCount, 12]);
  for (let i = 0; i < imageCount; i++) {
    const image = smallImage(i);
    expect(await pack.image(i, 8)).toEqual(image.pixels[8]);
    expect(await pack.image(i, 3)).toEqual(image.pixels[3]);
    expect(pack.captionsOf(i).map(({ text, held }) => ({ text, held }))).toEqual(image.captions);
    expect([pack.classOf(i), pack.split(i)]).toEqual([image.classId, image.split]);
    expect(pack.sourceOf(i)).toEqual(image.source);
    expect([...pack.truth!.attributes(i)]).toEqual(image.truth!.attributes);
    expect([...pack.truth!.background(i)]).toEqual(image.truth!.background);
    expect([...pack.truth!.pose(i)]).toEqual(image.truth!.pose);
    expect(await pack.truth!.mask(i, 3)).toEqual(image.truth!.mask![3]);
  }
});

test("Python's safetensors reads the same file to the same bytes", async () => {
  const opened = await readSafetensorsHeader(file);
  const { pack, ...rest } = Object.fromEntries(opened.metadata);
  expect({ ...rest, pack: JSON.parse(pack!) }).toEqual(python.metadata);
  expect(Object.keys(python.tensors).sort()).toEqual([...opened.tensors.keys()].sort());
  for (const [name, { shape }] of opened.tensors) {
    const sha256 = createHash('sha256')
      .update(await readTensor(opened, name))
      .digest('hex');
    expect([name, python.tensors[name].shape, python.tensors[name].sha256]).toEqual([name, shape, sha256]);
  }
  const dataset = await Dataset.open(file);
  const captions = Array.from({ length: dataset.captionCount }, (_, c) => dataset.caption(c).text);
  expect(captions).toEqual(python.captions);
});
