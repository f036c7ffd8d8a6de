import { captionWidth } from '../data/sampling';
import { FlorigenError } from '../errors';
import type { Engine } from './engine';
import { networkOf } from './network-options';
import { contrastiveHeadSize, guideSizes, networkSizes } from './network-sizes';
import type { TrainingOptions } from './option-schema';
import type { TextEncoder } from './text-encoder';
import { type TextNetworkDescription, textNetworkSize } from './text-network-sizes';
import { TrainedTextEncoder } from './trained-encoder';

const MEBIBYTE = 1 << 20;
const FLOAT_BYTES = 4;
/** Node, LibTorch and its work space before the first step. */
const baseBytes = 300 * MEBIBYTE;
/** Per output of a layer: the output, what the layer after it keeps, and its gradient. */
const copiesPerOutput = 3;

/** What a run will need, in bytes. */
export interface MemoryEstimate {
  /** Parameters, gradients, both moments of Adam, and the average. */
  stateBytes: number;
  /** Outputs of layers and their gradients in the largest update. */
  stepBytes: number;
  /** Images and embeddings. */
  dataBytes: number;
  totalBytes: number;
  /** One checkpoint on disk. */
  checkpointBytes: number;
}

/** What memory depends on besides options. */
export interface MemoryEstimateData {
  textSize: number;
  imageBytes: number;
  captionCount: number;
  /** Of an encoder that is fine-tuned. */
  textNetwork?: TextNetworkDescription | undefined;
}

/** Estimates memory before anything is allocated; tests compare it with what a step takes. */
export function estimateMemory(options: TrainingOptions, data: MemoryEstimateData): MemoryEstimate {
  const network = networkOf(options, data.textSize);
  const { generator, discriminator } = networkSizes(network);
  const head = options.contrastive.weight > 0 ? contrastiveHeadSize(network).parameters : 0;
  const copies = { generator: options.emaDecay > 0 ? 5 : 4, discriminator: 4 };
  const text = textOf(options, data);
  const guide = guideOf(options, network);
  const learning = discriminator.parameters + head + guide.learning + text.parameters;
  const state = generator.parameters * copies.generator + learning * copies.discriminator + guide.frozen;
  const gradients = generator.parameters + learning;
  const second = options.modeSeeking.weight > 0 ? 0.5 : 0;
  const interpolated = options.data.pairing === 'authors' || options.interpolation.weight > 0 ? 0.5 : 0;
  const generatorRows = options.batchSize * (1 + interpolated + second);
  const discriminatorRows = options.batchSize * (1 + interpolated);
  // The generator's update is the larger one: it goes through both networks.
  const outputs = generatorRows * generator.outputsPerRow + discriminatorRows * discriminator.outputsPerRow;
  const stateBytes = state * FLOAT_BYTES;
  const stepBytes = (outputs + guide.outputs + text.outputs) * copiesPerOutput * FLOAT_BYTES;
  const dataBytes = data.imageBytes + data.captionCount * text.numbersPerCaption * FLOAT_BYTES;
  return {
    stateBytes,
    stepBytes,
    dataBytes,
    totalBytes: baseBytes + stateBytes + stepBytes + dataBytes,
    checkpointBytes: (state - gradients) * FLOAT_BYTES,
  };
}

/** What a guide takes: parameters that never move, those of its head, and outputs for the pictures of a step. */
function guideOf({ guide, batchSize }: TrainingOptions, network: ReturnType<typeof networkOf>) {
  if (guide.weight === 0) return { frozen: 0, learning: 0, outputs: 0 };
  const { architecture = 'googlenet', inputSize = 224, criticWeight } = guide;
  const { eyes, head } = guideSizes({ architecture, inputSize, criticWeight }, network);
  const outputs = batchSize * (eyes.outputsPerRow + head.outputsPerRow);
  return { frozen: eyes.parameters, learning: head.parameters, outputs };
}

/** What the texts take: embeddings, or a network over all texts that an update may hold, and tokens. */
function textOf(
  {
    data: { pairing, mismatches, captionChoice: choice, captionsPerImage: count },
    batchSize,
  }: TrainingOptions,
  { textSize, textNetwork, captionCount }: MemoryEstimateData,
): { parameters: number; outputs: number; numbersPerCaption: number } {
  if (textNetwork === undefined) return { parameters: 0, outputs: 0, numbersPerCaption: textSize };
  const { parameters, outputsPerRow } = textNetworkSize(textNetwork);
  const lists = batchSize * (pairing === 'paper' ? 1 + mismatches : 1);
  // Each distinct caption goes through the network once.
  const texts = Math.min(captionCount, lists * captionWidth({ choice, count }));
  return { parameters, outputs: texts * outputsPerRow, numbersPerCaption: textNetwork.length };
}

/**
 * With overcommit the kernel kills a process that takes too much, so the estimate is refused before.
 * @throws FlorigenError `OUT_OF_MEMORY`
 */
export function refuseTooMuchMemory(
  options: TrainingOptions,
  data: { imageBytes: number; captionCount: number; encoder: TextEncoder },
  { device, runtime }: Engine,
): void {
  const { encoder, ...sizes } = data;
  const learns = options.fineTune !== undefined && encoder instanceof TrainedTextEncoder;
  const textNetwork = learns ? encoder.network : undefined;
  const { totalBytes } = estimateMemory(options, { ...sizes, textSize: encoder.sizes.sentence, textNetwork });
  const hint = learns
    ? 'Lower `batchSize`, `data.mismatches` or `data.captionsPerImage`: every text of a step goes through the encoder.'
    : 'Lower `batchSize`, `generatorFeatures` or `discriminatorFeatures`, or train on fewer images.';
  refuseMoreThanFree(totalBytes, { device, runtime }, hint);
}

/**
 * Refuses the run of a text encoder that will not fit: features and tokens are mapped and count for nothing.
 * @throws FlorigenError `OUT_OF_MEMORY`
 */
export function refuseTooMuchText(
  network: TextNetworkDescription,
  { batchSize, objective }: { batchSize: number; objective: { kind: 'sje' | 'captions' } },
  engine: Engine,
): void {
  const { parameters, outputsPerRow } = textNetworkSize(network);
  const texts = objective.kind === 'captions' ? 2 * batchSize : batchSize;
  const numbers = 4 * parameters + texts * outputsPerRow * copiesPerOutput;
  refuseMoreThanFree(
    baseBytes + numbers * FLOAT_BYTES,
    engine,
    'Lower `batchSize`, `length` or `vocabularyLimit`: every token of a step takes as many numbers as there are words.',
  );
}

function refuseMoreThanFree(
  totalBytes: number,
  { device, runtime }: Pick<Engine, 'device' | 'runtime'>,
  hint: string,
): void {
  // Without libflorigen_cuda nobody can say what a device has: then nothing is refused.
  const onDevice = runtime.cudaDevices[0]?.memoryBytes || Number.POSITIVE_INFINITY;
  const available = device === 'cuda' ? onDevice : process.availableMemory();
  if (totalBytes <= available) return;
  const shown = (bytes: number) => `${Math.ceil(bytes / MEBIBYTE).toLocaleString('en-US')} MiB`;
  throw new FlorigenError(
    'OUT_OF_MEMORY',
    `This run needs about ${shown(totalBytes)} of memory, but only ${shown(available)} are free.`,
    { hint },
  );
}
