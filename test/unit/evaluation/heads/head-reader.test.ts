import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type HeadNetwork, HeadReader, loadHeadNetwork } from '../../../../ts/evaluation/heads/head-reader';
import { writeSafetensors } from '../../../../ts/formats/safetensors-writer';

type Heads = HeadNetwork['network']['heads'];
const all: Heads = [
  { name: 'class', classes: 3 },
  { name: 'petalShape', classes: 6 },
  { name: 'layers', classes: 3 },
  { name: 'petalCount', classes: 6 },
];

/** A network whose logits are `logits(picture's first byte, column)`; it notes what it is shown. */
function network(heads: Heads, logits: (byte: number, column: number) => number = () => 0) {
  const calls: { views: number[]; crop: { side: number; cropSide: number } }[] = [];
  const width = heads.reduce((sum, { classes }) => sum + classes, 0);
  const fake: HeadNetwork = {
    fingerprint: 'f'.repeat(64),
    trunk: 'e'.repeat(64),
    network: { architecture: 'googlenet-small', inputSize: 64, heads },
    provenance: null,
    extract: async (images, views, crop) => {
      calls.push({ views: [...views], crop });
      const rows = views.length / 4;
      const at = (i: number) => logits(images[Math.floor(i / width) * crop.side * crop.side * 3]!, i % width);
      return {
        features: new Float32Array(rows * 1024),
        logits: Float32Array.from({ length: rows * width }, (_, i) => at(i)),
      };
    },
  };
  return { fake, calls };
}

const painting = (byte: number) => ({ rgb: new Uint8Array(64 * 64 * 3).fill(byte), side: 64 });

test('reads the highest logit of each head, wherever the head stands, from pictures whole and not mirrored', async () => {
  // shape begins at column 3, number at 12; the byte says which of each is highest, the class head is higher still;
  // 36 pictures, in calls of 32
  const { fake, calls } = network(all, (byte, column) =>
    column < 3 ? 99 : Number(column === 3 + (byte % 6)) + Number(column === 12 + Math.floor(byte / 6)),
  );
  const turns: number[] = [];
  const bytes = Array.from({ length: 36 }, (_, i) => i);
  const readings = await new HeadReader(fake).read(bytes.map(painting), async (last) => {
    turns.push(last);
  });
  expect(readings).toEqual(bytes.map((b) => ({ petalShape: b % 6, petalCount: Math.floor(b / 6) })));
  expect(turns).toEqual([31, 35]);
  expect(calls[1]).toEqual({
    views: [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0],
    crop: { side: 64, cropSide: 64 },
  });
});

test('stops where the caller wants it', async () => {
  const { fake, calls } = network(all);
  const turn = async (last: number) => {
    if (last > 31) throw new Error('enough');
  };
  await expect(new HeadReader(fake).read(Array(40).fill(painting(0)), turn)).rejects.toThrow('enough');
  expect(calls).toHaveLength(1);
});

test.each<[string, Heads, string]>([
  ['no heads', [], 'no heads'],
  ['one of the two', all.slice(0, 2), 'class (3), petalShape (6)'],
  ['other values', [all[1]!, { name: 'petalCount', classes: 5 }], 'petalShape (6), petalCount (5)'],
])('a network with %s is refused by name', (_, heads, has) => {
  expect(() => new HeadReader(network(heads).fake)).toThrow(
    expect.objectContaining({
      code: 'USAGE',
      message: `\`features\` must be a feature network with the heads petalCount (6 values) and petalShape (6 values), but has ${has} instead`,
      hint: expect.stringContaining('florigen features train'),
    }),
  );
});

test('files that are no feature network are refused by name', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-heads-'));
  try {
    const other = path.join(folder, 'other.safetensors');
    const tensors = [{ name: 'x', dtype: 'F32' as const, shape: [1], data: new Uint8Array(4) }];
    await writeSafetensors(other, { metadata: { format: 'florigen.bundle' }, tensors });
    fs.writeFileSync(path.join(folder, 'noise'), 'noise');
    for (const file of [other, path.join(folder, 'noise'), folder])
      await expect(loadHeadNetwork(file, { device: 'cpu' })).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringMatching(
          /^`features` must be a feature network that `florigen features train`/,
        ),
      });
    await expect(loadHeadNetwork(path.join(folder, 'none'), {})).rejects.toThrow(/no such file/);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
