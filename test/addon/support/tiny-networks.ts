import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  NativeFeatureTrainerOptions,
  NativePlan,
  NativeTensorRef,
  NativeTextEncoderOptions,
  NativeTextNetworkOptions,
} from '../../../ts/native/addon';
import { testDevice } from '../../support/device';

export const captionCount = 10;
export const imageCount = 5;
export const viewCount = 3;
/** Tokens of a text; enough for the word network. */
export const textLength = 12;
export const vocabularySize = 7;
const embeddingSize = 8;
const side = 40;
const heads = [3, 2];

const machine = { dtype: 'float32', device: testDevice, precision: 'ieee', deterministic: true } as const;

/** The bag of words takes a text of any length, so that a test of the boundary costs nothing. */
export function tinyText(changes: Partial<NativeTextNetworkOptions> = {}): NativeTextNetworkOptions {
  return {
    architecture: 'bag-of-words',
    vocabularySize,
    length: textLength,
    convolutionSize: 4,
    embeddingSize,
    dropout: 0,
    ...machine,
    ...changes,
  };
}

/** Texts of two words each, with their own places for them. */
export function tinyTokens(count: number): Int32Array {
  return Int32Array.from({ length: count * textLength }, (_, i) =>
    i % textLength < 2 ? 1 + ((i * 5) % vocabularySize) : 0,
  );
}

/** Tokens, features, images and labels, one after another in a raw file of a folder of its own. */
export class TinyTables {
  readonly folder = mkdtempSync(join(tmpdir(), 'florigen-tables-'));
  readonly tokens: NativeTensorRef;
  readonly features: NativeTensorRef;
  readonly images: NativeTensorRef;
  readonly labels: NativeTensorRef;
  readonly #path = join(this.folder, 'data.bin');
  readonly #parts: Uint8Array[] = [];

  constructor() {
    const numbers = Float32Array.from({ length: imageCount * viewCount * embeddingSize }, (_, i) =>
      Math.sin(i + 1),
    );
    const pixels = Uint8Array.from(
      { length: imageCount * side * side * 3 },
      (_, i) => (i * 2654435761) >>> 24,
    );
    this.tokens = this.#add(tinyTokens(captionCount), 'I32', [captionCount, textLength]);
    this.features = this.#add(numbers, 'F32', [imageCount, viewCount, embeddingSize]);
    this.images = this.#add(pixels, 'U8', [imageCount, side, side, 3]);
    this.labels = this.#add(Int32Array.from([0, 1, 1, 0, 2, -1, -1, 1, 0, 0]), 'I32', [imageCount, 2]);
    writeFileSync(this.#path, Buffer.concat(this.#parts));
  }

  #add(
    array: Int32Array | Float32Array | Uint8Array,
    dtype: NativeTensorRef['dtype'],
    shape: number[],
  ): NativeTensorRef {
    const offset = this.#parts.reduce((sum, { length }) => sum + length, 0);
    this.#parts.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return { path: this.#path, offset, bytes: array.byteLength, dtype, shape };
  }

  encoder(kind: 'sje' | 'captions' = 'sje'): NativeTextEncoderOptions {
    return {
      network: tinyText(),
      seed: 7,
      tokens: this.tokens,
      features: kind === 'sje' ? this.features : null,
      objective: { kind, symmetric: true, margin: 1 },
      optimizer: { kind: 'rmsprop', beta1: 0, beta2: 0.99, epsilon: 1e-8 },
      initialRange: 0.08,
      wordDropout: { share: 0, separator: 0 },
    };
  }

  featureTrainer(): NativeFeatureTrainerOptions {
    return {
      network: { architecture: 'googlenet-small', inputSize: 32, heads, ...machine },
      seed: 7,
      images: this.images,
      labels: this.labels,
      headWeights: [1, 0.5],
      cropSide: 36,
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `steps` steps of one update of `kind` over `rows` rows each. */
function singleUpdates(
  kind: number,
  steps: number,
  rows: number,
  columns: Record<string, (row: number) => number>,
): NativePlan {
  const rowCount = steps * rows;
  const filled = Object.entries(columns).map(
    ([name, value]) => [name, Int32Array.from({ length: rowCount }, (_, row) => value(row))] as const,
  );
  return {
    version: 2,
    rowCount,
    captionsPerImage: 1,
    columns: Object.fromEntries(filled),
    updates: Int32Array.from(Array.from({ length: steps }, (_, step) => [kind, step * rows, rows]).flat()),
    stepStart: Int32Array.from({ length: steps + 1 }, (_, step) => step),
    values: { learningRate: 1e-3 },
  };
}

export function encoderPlan(steps: number, kind: 'sje' | 'captions' = 'sje'): NativePlan {
  const caption = (row: number) => (2 * row) % captionCount;
  return kind === 'sje'
    ? singleUpdates(2, steps, 4, {
        caption,
        image: (row) => row % imageCount,
        view: (row) => row % viewCount,
      })
    : singleUpdates(2, steps, 4, { caption, otherCaption: (row) => caption(row) + 1 });
}

export function featurePlan(steps: number): NativePlan {
  return singleUpdates(3, steps, 2, {
    image: (row) => row % imageCount,
    cropX: (row) => row % 5,
    cropY: (row) => (row + 2) % 5,
    flip: (row) => row % 2,
  });
}
