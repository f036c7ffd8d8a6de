import { createHash } from 'node:crypto';
import { CheckpointError, DataError, FlorigenError, mustBe, UsageError } from '../errors';
import { halved } from '../formats/half';
import { verifyContent } from '../formats/safetensors';
import type {
  FeatureNetworkHandle,
  FlorigenAddon,
  NativeTensorInfo,
  NativeViewFeatures,
} from '../native/addon';
import type { EncoderProvenance } from './encoder-file';
import { type Engine, openEngine } from './engine';
import { type FeatureNetworkDescription, featureNetworkFormat, openFeatureNetworkFile } from './feature-file';
import { isFlorigenFile } from './sniff-format';
import { openStateDict, type StateTensor } from './state-dict';

/** Where a feature network computes. */
export interface FeatureNetworkLoadOptions {
  /** Default `auto`. */
  device?: 'auto' | 'cpu' | 'cuda';
  threads?: number;
  /** Side of the pictures that it sees; only for a state dict of torchvision, default 224. */
  inputSize?: number;
}

/** Width of the features. */
export const featureSize = 1024;

/** Reads pictures: GoogLeNet's pooled features, and the logits of its heads. */
export class FeatureNetwork {
  readonly path: string;
  /** SHA-256 (hex) of what it is and of all weights. */
  readonly fingerprint: string;
  /** What {@link trunkFingerprint} says of it. */
  readonly trunk: string;
  readonly network: FeatureNetworkDescription;
  /** Null for weights of torchvision, of which florigen does not know what they were trained on. */
  readonly provenance: EncoderProvenance | null;
  /** What a user should know of the choice of the device; may be empty. */
  readonly notice: string;
  readonly #addon: FlorigenAddon;
  readonly #handle: FeatureNetworkHandle;
  #disposed = false;

  private constructor(
    source: { path: string; network: FeatureNetworkDescription; provenance: EncoderProvenance | null },
    made: { engine: Engine; handle: FeatureNetworkHandle; fingerprint: string; trunk: string },
  ) {
    this.path = source.path;
    this.network = source.network;
    this.provenance = source.provenance;
    this.fingerprint = made.fingerprint;
    this.trunk = made.trunk;
    this.notice = made.engine.notice;
    this.#addon = made.engine.addon;
    this.#handle = made.handle;
  }

  /**
   * Loads what `features train` wrote, or a state dict of torchvision's `googlenet` (safetensors or `torch.save`).
   * @throws CheckpointError, DataError, LibraryError; UsageError for another `inputSize` than that of florigen's file
   */
  static async load(path: string, options?: FeatureNetworkLoadOptions): Promise<FeatureNetwork>;
  /** @internal */
  static async load(
    path: string,
    options: FeatureNetworkLoadOptions | undefined,
    addon: FlorigenAddon,
  ): Promise<FeatureNetwork>;
  static async load(
    path: string,
    options: FeatureNetworkLoadOptions = {},
    given?: FlorigenAddon,
  ): Promise<FeatureNetwork> {
    const source = await openFeatureSource(path, options.inputSize);
    refuseOtherInputSize(source, options.inputSize);
    const engine = openEngine({ device: options.device ?? 'auto', threads: options.threads }, given);
    const { addon, device } = engine;
    const { architecture, inputSize, heads } = source.network;
    const handle = await addon.createFeatureNetwork({
      architecture,
      inputSize,
      heads: heads.map(({ classes }) => classes),
      dtype: 'float32',
      device,
      precision: 'ieee',
      deterministic: true,
    });
    try {
      const fingerprint = await writeWeights(addon, handle, source);
      const trunk = await trunkFingerprint(source);
      return new FeatureNetwork(source, { engine, handle, fingerprint, trunk });
    } catch (error) {
      await addon.disposeHandle(handle);
      throw error;
    }
  }

  /**
   * Features [views, 1024] and logits of views of pictures.
   * @param images RGB bytes [n, side, side, 3]
   * @param views [views, 4]: image, x, y, flip
   */
  async extract(
    images: Uint8Array,
    views: Int32Array,
    crop: { side: number; cropSide: number },
  ): Promise<NativeViewFeatures> {
    if (this.#disposed) throw new FlorigenError('DISPOSED', 'This feature network was disposed of.');
    return await this.#addon.featureNetworkExtract(this.#handle, images, views, crop);
  }

  /** Frees the native memory; may be called again. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#addon.disposeHandle(this.#handle);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/** A file that holds a feature network, opened. */
export interface FeatureSource {
  path: string;
  network: FeatureNetworkDescription;
  provenance: EncoderProvenance | null;
  tensors: ReadonlyMap<string, StateTensor>;
}

/**
 * Opens what `features train` wrote, or a state dict of torchvision's `googlenet`.
 * @param inputSize side of the pictures that weights of torchvision see
 * @throws CheckpointError, DataError
 */
export async function openFeatureSource(path: string, inputSize = 224): Promise<FeatureSource> {
  const { tensors } = await openStateDict(path, { error: DataError, kind: 'weights of a GoogLeNet' });
  if (await isFlorigenFile(path, featureNetworkFormat)) {
    const { file, network, provenance } = await openFeatureNetworkFile(path);
    await verifyContent(file);
    return { path, network, provenance, tensors };
  }
  const network = { architecture: 'googlenet' as const, inputSize, heads: [] };
  return { path, network, provenance: null, tensors };
}

/** A network of florigen sees pictures of the side that it was trained with. @throws UsageError */
function refuseOtherInputSize({ path, network, provenance }: FeatureSource, inputSize?: number): void {
  if (provenance === null || inputSize === undefined || inputSize === network.inputSize) return;
  throw new UsageError(
    mustBe('inputSize', `${network.inputSize}, which the network in ${path} was trained with`, inputSize),
    { hint: 'Leave it out: only weights of torchvision need it.' },
  );
}

/**
 * SHA-256 (hex) of what a network sees with: of its weights without heads, rounded as half precision rounds them, so that
 * a file in half precision is known as the network that it holds.
 */
export async function trunkFingerprint({ network, tensors }: FeatureSource): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([network.architecture, network.inputSize]));
  for (const name of [...tensors.keys()].filter((one) => !one.startsWith('heads.')).sort()) {
    const { shape, read } = tensors.get(name)!;
    const numbers = Float32Array.from(await read());
    const { bytes } = halved({ dtype: 'F32', shape, bytes: new Uint8Array(numbers.buffer) });
    hash.update(JSON.stringify([name, shape])).update(bytes);
  }
  return hash.digest('hex');
}

/** @returns the fingerprint */
async function writeWeights(
  addon: FlorigenAddon,
  handle: FeatureNetworkHandle,
  source: FeatureSource,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([featureNetworkFormat, source.network]));
  for (const info of addon.featureNetworkManifest(handle)) {
    const { name, shape } = info;
    const bytes = await featureBytes(source, info);
    hash.update(JSON.stringify([name, shape])).update(bytes);
    await addon.featureNetworkWriteState(handle, name, bytes);
  }
  return hash.digest('hex');
}

/**
 * A tensor as the addon wants it, by torchvision's name.
 * @throws CheckpointError where the file has none of that shape, or fractions where there are counts
 */
export async function featureBytes(
  { path, tensors }: FeatureSource,
  { name, shape, dtype }: Pick<NativeTensorInfo, 'name' | 'shape' | 'dtype'>,
): Promise<Uint8Array> {
  const tensor = tensors.get(name);
  if (tensor === undefined || tensor.shape.join() !== shape.join())
    throw new CheckpointError(
      `\`${path}\` must hold a tensor ${name} of shape [${shape.join(', ')}], but holds ${tensor === undefined ? 'none' : `[${tensor.shape.join(', ')}]`}.`,
    );
  const numbers = await tensor.read();
  if (dtype !== 'I64') return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const other = numbers.find((value) => !Number.isSafeInteger(value));
  if (other !== undefined)
    throw new CheckpointError(`\`${path}\` must hold whole numbers in ${name}, but holds ${other}.`);
  return new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer);
}
