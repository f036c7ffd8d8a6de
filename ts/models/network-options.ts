import { z } from 'zod';
import type { NativeDevice, NativeNetworkOptions, NativePrecision } from '../native/addon';
import type { TrainingOptions } from './option-schema';

/** Side of the pictures of every family so far, in pixels. */
export const imageSide = 64;

/** What a file says of the networks that its tensors belong to. */
export const networkSchema = z.looseObject({
  family: z.enum(['reed2016', 'dcgan', 'modulated']),
  textSize: z.int().positive(),
  noiseSize: z.int().positive(),
  projectedTextSize: z.int().positive(),
  generatorFeatures: z.int().positive(),
  discriminatorFeatures: z.int().positive(),
});

/** Sizes of a pair of networks. */
export type NetworkDescription = Pick<
  NativeNetworkOptions,
  'family' | 'textSize' | 'noiseSize' | 'projectedTextSize' | 'generatorFeatures' | 'discriminatorFeatures'
>;

/** The networks of a run whose encoder gives sentences of width `textSize`. */
export function networkOf(options: TrainingOptions, textSize: number): NetworkDescription {
  const { family, noiseSize, projectedTextSize, generatorFeatures, discriminatorFeatures } = options;
  return { family, textSize, noiseSize, projectedTextSize, generatorFeatures, discriminatorFeatures };
}

/** The networks as the addon wants them, in float32. */
export function nativeNetwork(
  network: NetworkDescription,
  machine: { device: NativeDevice; precision: NativePrecision; deterministic: boolean },
): NativeNetworkOptions {
  const { family, textSize, noiseSize, projectedTextSize, generatorFeatures, discriminatorFeatures } =
    network;
  return {
    family,
    textSize,
    noiseSize,
    projectedTextSize,
    generatorFeatures,
    discriminatorFeatures,
    dtype: 'float32',
    device: machine.device,
    precision: machine.precision,
    deterministic: machine.deterministic,
  };
}
