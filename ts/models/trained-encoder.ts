import { CheckpointError, FlorigenError } from '../errors';
import type { TensorSource } from '../formats/safetensors-writer';
import type { FlorigenAddon, NativeTextNetworkOptions, TextNetworkHandle } from '../native/addon';
import { trainedFingerprint } from './encoder-file';
import { openEngine } from './engine';
import { type TextArchitectureId, textArchitectures, textNetworkSizes } from './text-architectures';
import type { EncoderWeights, TextEmbeddings, TextEncoder } from './text-encoder';
import { textNetworkTensors } from './text-network-sizes';
import { createTokenizer, type Tokenizer, type TokenizerOptions, tokensOf } from './tokenizer';

/** A bound on memory, and on the wait of a signal. */
const textsPerCall = 512;

interface Weight {
  name: string;
  shape: readonly number[];
  bytes: Uint8Array;
}

/** A trained network that turns sentences into embeddings; always on the CPU, so that its numbers are the same. */
export class TrainedTextEncoder implements TextEncoder {
  readonly id: TextArchitectureId;
  readonly fingerprint: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly sizes: { readonly sentence: number };
  readonly provenance: Readonly<Record<string, unknown>> | undefined;
  readonly #weights: readonly Weight[];
  readonly tokenizer: Tokenizer;
  readonly #addon: FlorigenAddon | undefined;
  #network: Promise<{ addon: FlorigenAddon; handle: TextNetworkHandle }> | null = null;

  private constructor(
    id: TextArchitectureId,
    options: Readonly<Record<string, unknown>>,
    source: {
      tokenizer: Tokenizer;
      weights: readonly Weight[];
      provenance: EncoderWeights['provenance'];
    },
    addon: FlorigenAddon | undefined,
  ) {
    this.id = id;
    this.options = options;
    const { tokenizer, weights, provenance } = source;
    this.#weights = weights;
    this.provenance = provenance;
    this.#addon = addon;
    this.tokenizer = tokenizer;
    this.sizes = Object.freeze({ sentence: textNetworkSizes(options).embeddingSize });
    this.fingerprint = trainedFingerprint(id, options, weights);
  }

  /** Reads the weights; the native network is made when the first text is encoded. @throws CheckpointError, UsageError */
  static async create(
    id: TextArchitectureId,
    options: Readonly<Record<string, unknown>>,
    weights: EncoderWeights,
    addon?: FlorigenAddon,
  ): Promise<TrainedTextEncoder> {
    const tokenizer = createTokenizer(textArchitectures[id].tokens, options as TokenizerOptions);
    refuseOtherWeights(nativeTextNetwork(id, options, tokenizer), weights);
    const read: Weight[] = [];
    for (const name of weights.names)
      read.push({ name, shape: weights.shape(name), bytes: await weights.read(name) });
    const { provenance } = weights;
    const source = { tokenizer, weights: read, provenance };
    return new TrainedTextEncoder(id, Object.freeze({ ...options }), source, addon);
  }

  async encode(texts: readonly string[], { signal }: { signal?: AbortSignal } = {}): Promise<TextEmbeddings> {
    const { addon, handle } = await this.#ready();
    const width = this.sizes.sentence;
    const data = new Float32Array(texts.length * width);
    for (let first = 0; first < texts.length; first += textsPerCall) {
      if (signal?.aborted) throw new FlorigenError('ABORTED', 'The encoding of captions was stopped.');
      const tokens = await tokensOf(this.tokenizer, texts.slice(first, first + textsPerCall), signal);
      data.set(await addon.textNetworkEncode(handle, tokens), first * width);
    }
    return { sentence: { data, shape: [texts.length, width] } };
  }

  tensors(): TensorSource[] {
    return this.#weights.map(({ name, shape, bytes }) => ({ name, dtype: 'F32', shape, data: bytes }));
  }

  /** The network as the addon wants it, in float32 on the CPU. */
  get network(): NativeTextNetworkOptions {
    return nativeTextNetwork(this.id, this.options, this.tokenizer);
  }

  /** Bytes of one of its weights, float32. @throws CheckpointError where it has none of that shape */
  weight(name: string, shape: readonly number[]): Uint8Array {
    const weight = this.#weights.find((one) => one.name === name);
    requireShape('The text encoder', { name, shape }, weight?.shape);
    return weight!.bytes;
  }

  /** The same network with other weights, by the names of its own. @throws CheckpointError, UsageError */
  async withWeights(
    read: (name: string) => Promise<Uint8Array>,
    provenance: EncoderWeights['provenance'],
  ): Promise<TrainedTextEncoder> {
    const shapes = new Map(this.#weights.map(({ name, shape }) => [name, shape]));
    const weights = {
      names: [...shapes.keys()],
      shape: (name: string) => shapes.get(name)!,
      read,
      provenance,
    };
    return await TrainedTextEncoder.create(this.id, this.options, weights, this.#addon);
  }

  /** Frees the native network; the next text makes it again. */
  async dispose(): Promise<void> {
    const network = this.#network;
    this.#network = null;
    if (network === null) return;
    const made = await network.catch(() => null);
    if (made !== null) await made.addon.disposeHandle(made.handle);
  }

  #ready(): Promise<{ addon: FlorigenAddon; handle: TextNetworkHandle }> {
    this.#network ??= this.#load();
    return this.#network;
  }

  async #load(): Promise<{ addon: FlorigenAddon; handle: TextNetworkHandle }> {
    const { addon } = openEngine({ device: 'cpu' }, this.#addon);
    const handle = await addon.createTextNetwork(this.network);
    try {
      for (const { name, shape } of addon.textNetworkManifest(handle)) {
        const own = name.replace(/^encoder\./, '');
        await addon.textNetworkWriteState(handle, name, this.weight(own, shape));
      }
    } catch (error) {
      await addon.disposeHandle(handle);
      throw error;
    }
    return { addon, handle };
  }
}

/**
 * Compares weights with the network of the options that stand beside them, before memory is taken for either: a short
 * file may ask for gigabytes.
 */
function refuseOtherWeights(network: NativeTextNetworkOptions, { names, shape, file }: EncoderWeights): void {
  const whose = file === undefined ? 'The text encoder' : `The text encoder of \`${file}\``;
  const tensors = textNetworkTensors(network);
  for (const tensor of tensors)
    requireShape(whose, tensor, names.includes(tensor.name) ? shape(tensor.name) : undefined);
  if (names.length !== tensors.length)
    throw new CheckpointError(
      `${whose} must have the ${tensors.length} tensors of ${network.architecture}, but has ${names.length}.`,
    );
}

function requireShape(
  whose: string,
  { name, shape }: { name: string; shape: readonly number[] },
  found: readonly number[] | undefined,
): void {
  if (found !== undefined && found.join() === shape.join()) return;
  const has = found === undefined ? 'none' : `[${found.join(', ')}]`;
  throw new CheckpointError(
    `${whose} must have a tensor ${name} of shape [${shape.join(', ')}], but has ${has}.`,
  );
}

/** A text network in float32 on the CPU, as the addon wants it. */
export function nativeTextNetwork(
  architecture: TextArchitectureId,
  options: Readonly<Record<string, unknown>>,
  { vocabularySize }: Tokenizer,
): NativeTextNetworkOptions {
  return {
    architecture,
    vocabularySize,
    ...textNetworkSizes(options),
    dropout: 0,
    dtype: 'float32',
    device: 'cpu',
    precision: 'ieee',
    deterministic: true,
  };
}
