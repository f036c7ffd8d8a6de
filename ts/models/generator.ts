import { CheckpointError, FlorigenError, mustBe, UsageError } from '../errors';
import { widened } from '../formats/half';
import { readTensor, requireTensor } from '../formats/safetensors';
import type { FlorigenAddon, GeneratorHandle, NativeTensorInfo } from '../native/addon';
import { type Engine, openEngine } from './engine';
import { type GeneratedImage, imagesOf } from './generated-image';
import {
  encoderWeights,
  generatorPrefix,
  type ModelFile,
  openModelFile,
  resolveModelPath,
  verifyModelFile,
} from './model-file';
import { imageSide, nativeNetwork } from './network-options';
import { checkedPrompts, checkedSeed } from './prompts';
import type { Provenance } from './provenance';
import type { TextEncoder } from './text-encoder';
import { restoreTextEncoder } from './text-encoders';

/** Pictures per native call: a bound on memory, and on the wait of a signal. */
const IMAGES_PER_CALL = 32;
const maximumCount = 100_000;

/** Where a generator computes. */
export interface GeneratorLoadOptions {
  /** Default `auto`. */
  device?: 'auto' | 'cpu' | 'cuda';
  /** Default: what the process has, or one per core. */
  threads?: number;
}

/** What to draw. */
export interface GenerateOptions {
  prompts: string | readonly string[];
  /** Pictures per prompt; default 1. */
  count?: number;
  /** Picture `k` of each prompt has the noise of seed `(seed + k) mod 2^32`; default 0. */
  seed?: number;
  /** Stops between batches. */
  signal?: AbortSignal;
  /** Called after each batch with the pictures drawn so far. */
  onProgress?: (progress: { done: number; total: number }) => void;
}

/** Draws pictures for sentences. The same file, prompt and seed give the same picture, whatever else is drawn. */
export class Generator {
  /** The file that was loaded. */
  readonly path: string;
  readonly provenance: Provenance;
  readonly textEncoder: TextEncoder;
  /** What a user should know of the choice of the device; may be empty. */
  readonly notice: string;
  /** Side of the pictures in pixels. */
  readonly imageSize = imageSide;
  readonly #addon: FlorigenAddon;
  readonly #handle: GeneratorHandle;
  #disposed = false;

  private constructor(parts: {
    model: ModelFile;
    encoder: TextEncoder;
    engine: Engine;
    handle: GeneratorHandle;
  }) {
    this.path = parts.model.file.path;
    this.provenance = parts.model.provenance;
    this.textEncoder = parts.encoder;
    this.notice = parts.engine.notice;
    this.#addon = parts.engine.addon;
    this.#handle = parts.handle;
  }

  /**
   * Loads a bundle, a checkpoint, or what a run folder holds.
   * @throws CheckpointError for a missing, foreign, short or altered file; LibraryError without the native library
   */
  static async load(pathOrRun: string, options?: GeneratorLoadOptions): Promise<Generator>;
  /** @internal */
  static async load(
    pathOrRun: string,
    options: GeneratorLoadOptions | undefined,
    addon: FlorigenAddon,
  ): Promise<Generator>;
  static async load(
    pathOrRun: string,
    options: GeneratorLoadOptions = {},
    addon?: FlorigenAddon,
  ): Promise<Generator> {
    const model = await openModelFile(await resolveModelPath(pathOrRun));
    await verifyModelFile(model);
    const encoder = await restoreTextEncoder(
      model.textEncoder,
      model.file.path,
      encoderWeights(model),
      addon,
    );
    const engine = openEngine({ device: options.device ?? 'auto', threads: options.threads }, addon);
    const machine = { device: engine.device, precision: 'ieee', deterministic: true } as const;
    const handle = await engine.addon.createGenerator(nativeNetwork(model.network, machine));
    try {
      await writeWeights(engine.addon, handle, model);
    } catch (error) {
      await engine.addon.disposeHandle(handle);
      throw error;
    }
    return new Generator({ model, encoder, engine, handle });
  }

  /**
   * Draws `count` pictures for each prompt, prompt after prompt.
   * @throws UsageError for a bad prompt, count or seed; `DISPOSED`; `ABORTED`
   */
  async generate(options: GenerateOptions): Promise<GeneratedImage[]> {
    if (this.#disposed) throw new FlorigenError('DISPOSED', 'This generator was disposed of: load it again.');
    const prompts = checkedPrompts(options.prompts);
    const count = options.count ?? 1;
    if (!Number.isInteger(count) || count < 1 || count * prompts.length > maximumCount)
      throw new UsageError(
        mustBe('count', `a positive integer, for at most ${maximumCount} pictures in all`, count),
      );
    const seed = checkedSeed(options.seed ?? 0);
    const labels = prompts.flatMap((prompt) =>
      Array.from({ length: count }, (_, k) => ({ prompt, seed: (seed + k) % 2 ** 32 })),
    );
    const { sentence } = await this.textEncoder.encode(prompts);
    const images: GeneratedImage[] = [];
    for (let first = 0; first < labels.length; first += IMAGES_PER_CALL) {
      if (options.signal?.aborted) throw new FlorigenError('ABORTED', 'Drawing was stopped.');
      const rows = labels.slice(first, first + IMAGES_PER_CALL);
      const sentences = new Float32Array(rows.length * sentence.shape[1]);
      rows.forEach((_, i) => {
        const row = Math.floor((first + i) / count) * sentence.shape[1];
        sentences.set(sentence.data.subarray(row, row + sentence.shape[1]), i * sentence.shape[1]);
      });
      const seeds = Uint32Array.from(rows, (row) => row.seed);
      const bytes = await this.#addon.generatorGenerate(this.#handle, sentences, seeds);
      images.push(...imagesOf(bytes, imageSide, rows));
      options.onProgress?.({ done: images.length, total: labels.length });
    }
    return images;
  }

  /** Frees the native memory; may be called again. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.textEncoder.dispose?.();
    await this.#addon.disposeHandle(this.#handle);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

async function writeWeights(addon: FlorigenAddon, handle: GeneratorHandle, model: ModelFile): Promise<void> {
  const prefix = generatorPrefix(model);
  for (const info of addon.generatorManifest(handle)) {
    const name = prefix + info.name.slice('generator.'.length);
    checkTensor(model, name, info);
    const { dtype } = requireTensor(model.file, name);
    const bytes = await readTensor(model.file, name);
    await addon.generatorWriteState(handle, info.name, widened({ dtype, bytes }));
  }
}

function checkTensor({ file }: ModelFile, name: string, info: NativeTensorInfo): void {
  const tensor = requireTensor(file, name, { shape: info.shape });
  const isHalf = tensor.dtype === 'F16' && info.dtype === 'F32';
  if (tensor.dtype !== info.dtype && !isHalf)
    throw new CheckpointError(`\`${file.path}\` holds ${name} as ${tensor.dtype}, but ${info.dtype} is due.`);
}
