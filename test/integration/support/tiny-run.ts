import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TrainingInput } from '../../../ts/models/option-schema';
import { testDevice } from '../../support/device';
import { writeTinyPack } from '../../unit/training/support/tiny-pack';

/**
 * Networks at their narrowest; four steps an epoch over the tiny pack. One thread: the machine of a test may be busy,
 * and OpenMP's threads wait for each other at every operation.
 */
export const tinyOptions: TrainingInput = {
  batchSize: 4,
  epochs: 3,
  generatorFeatures: 8,
  discriminatorFeatures: 8,
  noiseSize: 8,
  projectedTextSize: 8,
  textEncoder: { options: { size: 32 } },
  data: { splits: 'training' },
  precision: 'ieee',
  device: testDevice,
  threads: 1,
};

/** A folder of its own with the tiny pack in it. */
export async function tinyFolder(imagesPerClass = 4): Promise<{ folder: string; pack: string }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-integration-'));
  const pack = path.join(folder, 'tiny.safetensors');
  await writeTinyPack(pack, { imagesPerClass });
  return { folder, pack };
}

/** Four steps an epoch that take long enough to be met in the midst of one by a signal. Needs 16 images a class. */
export const slowOptions: TrainingInput = {
  ...tinyOptions,
  batchSize: 16,
  generatorFeatures: 24,
  discriminatorFeatures: 24,
};
