import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlorigenAddon, NativeGanOptions, NativePlan } from '../../../ts/native/addon';
import { testDevice } from '../../support/device';

export const textSize = 32;
const imageCount = 6;
const side = 68;
const captionsPerImage = 2;

/** The smallest data that a trainer takes, in a folder of its own: images and then embeddings in one raw file. */
export class TinyData {
  readonly folder = mkdtempSync(join(tmpdir(), 'florigen-addon-'));
  private readonly path = join(this.folder, 'data.bin');
  private readonly imageBytes = imageCount * side * side * 3;
  private readonly captionCount = imageCount * captionsPerImage;

  constructor() {
    const images = Uint8Array.from({ length: this.imageBytes }, (_, index) => (index * 2654435761) >>> 24);
    const embeddings = Float32Array.from({ length: this.captionCount * textSize }, (_, i) => Math.sin(i + 1));
    writeFileSync(this.path, Buffer.concat([images, Buffer.from(embeddings.buffer)]));
  }

  /** Options of a trainer over this data; `features` of both networks set how long a step takes. */
  options(features = 8): NativeGanOptions {
    const { path, imageBytes, captionCount } = this;
    return {
      network: tinyNetwork(features),
      seed: 7,
      images: { path, offset: 0, bytes: imageBytes, dtype: 'U8', shape: [imageCount, side, side, 3] },
      fineTuning: null,
      guide: null,
      sentenceEmbeddings: {
        path,
        offset: imageBytes,
        bytes: captionCount * textSize * 4,
        dtype: 'F32',
        shape: [captionCount, textSize],
      },
      objective: {
        pairing: 'authors',
        clsWeight: 0.5,
        interpolationWeight: 1,
        interpolationBeta: 'half',
        modeSeekingEpsilon: 0.01,
        contrastive: { weight: 0, temperature: 0.1 },
      },
      augmentation: { translation: 0.125, cutout: 0.5 },
      adam: { beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
      emaDecay: 0.99,
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function tinyNetwork(features = 8): NativeGanOptions['network'] {
  return {
    family: 'reed2016',
    textSize,
    noiseSize: 10,
    projectedTextSize: 16,
    generatorFeatures: features,
    discriminatorFeatures: features,
    dtype: 'float32',
    device: testDevice,
    precision: 'ieee',
    deterministic: true,
  };
}

/** `steps` steps of one discriminator and one generator update over four rows each. */
export function tinyPlan(steps: number): NativePlan {
  const rows = 4;
  const rowCount = steps * rows;
  const column = (value: (row: number) => number) =>
    Int32Array.from({ length: rowCount }, (_, row) => value(row));
  const updates = Array.from({ length: steps }, (_, step) => [0, step * rows, rows, 1, step * rows, rows]);
  return {
    version: 2,
    rowCount,
    captionsPerImage: 1,
    columns: {
      image: column((row) => row % imageCount),
      cropX: column((row) => row % 5),
      cropY: column((row) => row % 3),
      flip: column((row) => row % 2),
      captions: column((row) => (row % imageCount) * captionsPerImage),
      mismatchedImage: column((row) => (row + 1) % imageCount),
      mismatchedCropX: column(() => 2),
      mismatchedCropY: column(() => 4),
      mismatchedFlip: column(() => 0),
    },
    updates: Int32Array.from(updates.flat()),
    stepStart: Int32Array.from({ length: steps + 1 }, (_, step) => 2 * step),
    values: { learningRate: 2e-4, modeSeekingWeight: 0.1 },
  };
}

/** Sentences and seeds of `count` images. */
export function tinySentences(count: number): [Float32Array, Uint32Array] {
  return [
    Float32Array.from({ length: count * textSize }, (_, index) => Math.cos(index)),
    Uint32Array.from({ length: count }, (_, index) => index + 1),
  ];
}

/** Every tensor of a trainer's state, as hexadecimal text. */
export async function readWholeState(
  addon: FlorigenAddon,
  trainer: Parameters<FlorigenAddon['trainerManifest']>[0],
): Promise<Record<string, string>> {
  const state: Record<string, string> = {};
  for (const { name } of addon.trainerManifest(trainer)) {
    state[name] = Buffer.from(await addon.trainerReadState(trainer, name)).toString('hex');
  }
  return state;
}
