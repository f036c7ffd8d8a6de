import { threadId } from 'node:worker_threads';
import type {
  FlorigenAddon,
  GanTrainerHandle,
  NativeGanOptions,
  NativePlan,
  NativeRunProgress,
  NativeTensorInfo,
} from '../native/addon';
import { type GanMeans, meansOf, metricNames, metricTensors } from './metrics';

const stepTensor = 'progress.step';
let jobCount = 0;

/** The native trainer of one GAN, with its handle and its jobs. */
export class NativeGan {
  readonly addon: FlorigenAddon;
  readonly manifest: readonly NativeTensorInfo[];
  readonly #handle: GanTrainerHandle;
  #disposal: Promise<void> | null = null;

  private constructor(addon: FlorigenAddon, handle: GanTrainerHandle) {
    this.addon = addon;
    this.#handle = handle;
    this.manifest = addon.trainerManifest(handle);
  }

  static async create(addon: FlorigenAddon, options: NativeGanOptions): Promise<NativeGan> {
    return new NativeGan(addon, await addon.createGanTrainer(options));
  }

  /** Bytes of a state tensor: packed, row-major, little-endian. */
  async read(name: string): Promise<Uint8Array> {
    return new Uint8Array(await this.addon.trainerReadState(this.#handle, name));
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.addon.trainerWriteState(this.#handle, name, bytes);
  }

  /** Steps since the start of the run. */
  async step(): Promise<number> {
    return Number(new BigInt64Array(await this.addon.trainerReadState(this.#handle, stepTensor))[0]);
  }

  /** Means over the steps since {@link clearMeans}. */
  async means(): Promise<GanMeans> {
    const sums = await this.addon.trainerReadState(this.#handle, metricTensors.sums);
    return meansOf(sums, await this.addon.trainerReadState(this.#handle, metricTensors.counts));
  }

  async clearMeans(): Promise<void> {
    const zeros = new Uint8Array(metricNames.length * 8);
    await this.write(metricTensors.sums, zeros);
    await this.write(metricTensors.counts, zeros);
  }

  /** Runs steps of a plan from `first` on; an aborted signal ends it after the step in hand. @returns the next step */
  async run(
    plan: NativePlan,
    first: number,
    { signal, onProgress }: { signal?: AbortSignal; onProgress: (progress: NativeRunProgress) => void },
  ): Promise<number> {
    const last = plan.stepStart.length - 1;
    if (signal?.aborted) return first;
    // Worker threads may share the engine, each with a copy of this module.
    const jobId = threadId * 1_000_000 + (jobCount++ % 1_000_000);
    const cancel = () => this.addon.cancelJob(jobId);
    signal?.addEventListener('abort', cancel);
    try {
      const range = { first, last, jobId };
      return (await this.addon.trainerRun(this.#handle, plan, range, onProgress)).nextStep;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** RGB bytes [n, 64, 64, 3]. */
  async sample(sentences: Float32Array, seeds: Uint32Array): Promise<Uint8Array> {
    return await this.addon.ganTrainerSample(this.#handle, sentences, seeds);
  }

  async dispose(): Promise<void> {
    this.#disposal ??= this.addon.disposeHandle(this.#handle);
    await this.#disposal;
  }
}
