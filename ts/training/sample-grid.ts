import type { Dataset } from '../data/dataset';
import { labelledGrid } from '../data/labelled-grid';
import { PhiloxStream, PURPOSE } from '../data/philox';
import { planPass } from '../data/sampling';
import { type GeneratedImage, imagesOf } from '../models/generated-image';
import { imageSide } from '../models/network-options';
import type { TextEncoder } from '../models/text-encoder';
import type { NativeGan } from './native-gan';

const promptCount = 6;
const noiseCount = 6;

/**
 * Captions of the grids of a run: those of the user, or captions of images drawn from the validation split (the
 * training split where there is none). Test images are never looked at. The same in every epoch.
 */
export function samplePrompts(dataset: Dataset, chosen: readonly string[], seed: number): string[] {
  if (chosen.length > 0) return [...chosen];
  const validation = dataset.imagesOf('validation');
  const images = validation.length > 0 ? validation : dataset.imagesOf('training');
  const stream = new PhiloxStream(seed, PURPOSE.plan, { pass: planPass.sampleGrid });
  return stream
    .shuffle(images)
    .slice(0, promptCount)
    .map((image) => stream.pick(dataset.captionsOf(image)).text);
}

/** Draws each prompt with each seed, prompt after prompt, from the weights as they are. */
export async function drawSamples(
  gan: NativeGan,
  encoder: TextEncoder,
  prompts: readonly string[],
  seeds: readonly number[],
): Promise<GeneratedImage[]> {
  const { sentence } = await encoder.encode(prompts);
  const images: GeneratedImage[] = [];
  for (const [i, prompt] of prompts.entries()) {
    const width = sentence.shape[1];
    const sentences = new Float32Array(seeds.length * width);
    for (let k = 0; k < seeds.length; k++)
      sentences.set(sentence.data.subarray(i * width, (i + 1) * width), k * width);
    const bytes = await gan.sample(sentences, Uint32Array.from(seeds));
    const labels = seeds.map((seed) => ({ prompt, seed }));
    images.push(...imagesOf(bytes, imageSide, labels));
  }
  return images;
}

/** A grid as a PNG file, with its size in pixels. */
export interface SampleGrid {
  png: Buffer;
  width: number;
  height: number;
}

/** The grid of an epoch: a row of pictures per prompt, the same noise in every row and epoch. */
export async function drawGrid(
  gan: NativeGan,
  encoder: TextEncoder,
  prompts: readonly string[],
  at: { epoch: number; step: number },
): Promise<SampleGrid> {
  const seeds = Array.from({ length: noiseCount }, (_, k) => k);
  const images = await drawSamples(gan, encoder, prompts, seeds);
  const png = await labelledGrid({
    images: images.map(({ data, width, height, prompt }) => ({ data, width, height, label: prompt })),
    columns: noiseCount,
    title: `Epoch ${at.epoch}`,
    subtitle: `after ${at.step.toLocaleString('en-US')} steps`,
  });
  // the sizes stand in the first chunk of every PNG file
  return { png, width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}
