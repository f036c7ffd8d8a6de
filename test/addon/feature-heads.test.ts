/** A feature network's file read as the measure of number and shape reads it: which logits are which head's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadReader, loadHeadNetwork } from '../../ts/evaluation/heads/head-reader';
import { openEngine } from '../../ts/models/engine';
import { writeFeatureNetworkFile } from '../../ts/models/feature-file';
import { testDevice } from '../support/device';
import { featureWeight } from './support/feature-weights';

const heads = [
  { name: 'petalColor', classes: 8 },
  { name: 'petalShape', classes: 6 },
  { name: 'petalCount', classes: 6 },
];
/** Far above what the random weights of a head give. */
const highest = (classes: number, at: number) =>
  new Uint8Array(Float32Array.from({ length: classes }, (_, i) => (i === at ? 1000 : 0)).buffer);
const biases: Record<string, Uint8Array> = {
  'heads.0.bias': highest(8, 7),
  'heads.1.bias': highest(6, 2),
  'heads.2.bias': highest(6, 4),
};

test('the heads of a file give the values that their weights say', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'florigen-heads-'));
  const path = join(folder, 'network.safetensors');
  const { addon } = openEngine({ device: testDevice, threads: 1 });
  const network = { architecture: 'googlenet-small' as const, inputSize: 32, heads };
  const handle = await addon.createFeatureNetwork({
    ...{ ...network, heads: heads.map(({ classes }) => classes), device: testDevice },
    ...{ dtype: 'float32', precision: 'ieee', deterministic: true },
  });
  const tensors = addon.featureNetworkManifest(handle).map(({ name, dtype, shape }) => ({
    ...{ name, dtype: dtype as 'F32' | 'I64', shape },
    data: async () => biases[name] ?? featureWeight(name, shape),
  }));
  try {
    const provenance = { florigen: '0.1.0', trainedClasses: [], catalogueVersion: null };
    await writeFeatureNetworkFile(path, { network, provenance, tensors });
    const loaded = await loadHeadNetwork(path, { device: testDevice });
    const picture = { rgb: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => i % 251), side: 64 };
    const readings = await new HeadReader(loaded).read(Array(9).fill(picture), async () => {});
    expect(readings).toEqual(Array(9).fill({ petalShape: 2, petalCount: 4 }));
    await loaded.dispose();
  } finally {
    await addon.disposeHandle(handle);
    rmSync(folder, { recursive: true, force: true });
  }
});
