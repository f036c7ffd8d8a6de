import { threadId } from 'node:worker_threads';
import type {
  FlorigenAddon,
  NativePlan,
  NativeRunProgress,
  NativeTensorInfo,
  TrainerHandle,
} from '../native/addon';
import { type Means, meansOf, metricTensors } from './metrics';

const stepTensor = 'progress.step';
let jobCount = 0;

/** A native trainer of any kind, with its handle and its jobs. */
export class NativeTrainer<Metric extends string, Handle extends TrainerHandle = TrainerHandle> {
  readonly addon: FlorigenAddon;
  readonly manifest: readonly NativeTensorInfo[];
  protected readonly handle: Handle;
  readonly #metricNames: readonly Metric[];
  #disposal: Promise<void> | null = null;

  /** @param metricNames in the order of the state tensors of partial sums */
  constructor(addon: FlorigenAddon, handle: Handle, metricNames: readonly Metric[]) {
    this.addon = addon;
    this.handle = handle;
    this.manifest = addon.trainerManifest(handle);
    this.#metricNames = metricNames;
  }

  /** Bytes of a state tensor: packed, row-major, little-endian. */
  async read(name: string): Promise<Uint8Array> {
    return new Uint8Array(await this.addon.trainerReadState(this.handle, name));
  }

  /** Several state tensors as they were after one and the same step, also while steps run. */
  async readTogether(names: readonly string[]): Promise<Map<string, Uint8Array>> {
    for (;;) {
      // Answered in the order of asking: a step between two of them shows in the counts. Awaited all at once: a promise
      // that rejects while another is awaited ends the process.
      const [before, tensors, after] = await Promise.all([
        this.step(),
        Promise.all(names.map(async (name) => [name, await this.read(name)] as const)),
        this.step(),
      ]);
      if (before === after) return new Map(tensors);
    }
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.addon.trainerWriteState(this.handle, name, bytes);
  }

  /** Steps since the start of the run. */
  async step(): Promise<number> {
    return Number(new BigInt64Array(await this.addon.trainerReadState(this.handle, stepTensor))[0]);
  }

  /** Means over the steps since {@link clearMeans}. */
  async means(): Promise<Means<Metric>> {
    const sums = await this.addon.trainerReadState(this.handle, metricTensors.sums);
    const counts = await this.addon.trainerReadState(this.handle, metricTensors.counts);
    return meansOf(this.#metricNames, sums, counts);
  }

  async clearMeans(): Promise<void> {
    const zeros = new Uint8Array(this.#metricNames.length * 8);
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
      return (await this.addon.trainerRun(this.handle, plan, range, onProgress)).nextStep;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  async dispose(): Promise<void> {
    this.#disposal ??= this.addon.disposeHandle(this.handle);
    await this.#disposal;
  }
}
