import type { Dataset } from '../data/dataset';
import { mustBe, UsageError } from '../errors';
import { encoderPrefix } from '../models/model-file';
import type { TrainingOptions } from '../models/option-schema';
import type { TextEncoder } from '../models/text-encoder';
import { ensureTokens } from '../models/tokens';
import { TrainedTextEncoder } from '../models/trained-encoder';
import type { NativeDevice, NativeGanOptions, NativePrecision } from '../native/addon';
import type { NativeGan } from './native-gan';

/** What a run has of its text encoder. */
export interface EncoderInUse {
  options: TrainingOptions;
  /** As the run began, or was resumed. */
  encoder: TextEncoder;
  native: NativeGan;
}

/** @throws UsageError for an encoder without a network */
export function requireNetwork(encoder: TextEncoder, fineTune: { learningRate: number }): TrainedTextEncoder {
  if (encoder instanceof TrainedTextEncoder) return encoder;
  throw new UsageError(
    mustBe(
      'fineTune.learningRate',
      `left out with the text encoder ${encoder.id}, which has no network to train`,
      fineTune.learningRate,
    ),
  );
}

/** The network and the tokens of an encoder that learns, as the addon wants them. @throws `IO`, `ABORTED` */
export async function nativeFineTuning(
  { network, tokenizer }: TrainedTextEncoder,
  dataset: Dataset,
  machine: { device: NativeDevice; precision: NativePrecision; deterministic: boolean },
  signal?: AbortSignal,
): Promise<NonNullable<NativeGanOptions['fineTuning']>> {
  const { device, precision, deterministic } = machine;
  return {
    network: { ...network, device, precision, deterministic },
    tokens: await ensureTokens(dataset, tokenizer, signal),
  };
}

/** Writes the weights that the training begins with. @throws CheckpointError where one is missing */
export async function writeEncoder(native: NativeGan, encoder: TrainedTextEncoder): Promise<void> {
  for (const { name, shape } of native.manifest)
    if (name.startsWith(encoderPrefix))
      await native.write(name, encoder.weight(name.slice(encoderPrefix.length), shape));
}

/**
 * Works with the encoder by its weights of this moment, all of one step, also while an epoch runs.
 * @param provenance what a file says of it; default as of the encoder that the run began with
 */
export async function withCurrentEncoder<T>(
  { options, encoder, native }: EncoderInUse,
  work: (encoder: TextEncoder) => Promise<T>,
  provenance = encoder.provenance,
): Promise<T> {
  if (options.fineTune === undefined) return await work(encoder);
  const began = requireNetwork(encoder, options.fineTune);
  const names = began.tensors().map(({ name }) => name);
  const weights = await native.readTogether(names.map((name) => encoderPrefix + name));
  const current = await began.withWeights(async (name) => weights.get(encoderPrefix + name)!, provenance);
  try {
    return await work(current);
  } finally {
    await current.dispose();
  }
}
