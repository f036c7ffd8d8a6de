import { setImmediate } from 'node:timers/promises';
import { NativeError } from '../../../../ts/errors';
import { type TextNetworkDescription, textNetworkTensors } from '../../../../ts/models/text-network-sizes';
import type {
  FlorigenAddon,
  GanTrainerHandle,
  GeneratorHandle,
  NativeGanOptions,
  NativePlan,
  NativeTensorInfo,
} from '../../../../ts/native/addon';
import { metricNames } from '../../../../ts/training/metrics';

type Tensor = NativeTensorInfo & { data: Float32Array | Float64Array | BigInt64Array };
interface FakeState {
  tensors: Map<string, Tensor>;
  options: NativeGanOptions | null;
  /** Of a trainer of one network: its weights and the name of its loss. */
  network?: { weight: string; loss: string };
}

const arrays = { F32: Float32Array, F64: Float64Array, I64: BigInt64Array } as const;

function tensor(name: string, dtype: keyof typeof arrays, shape: number[]): [string, Tensor] {
  return [name, { name, dtype, shape, data: new arrays[dtype](shape.reduce((a, b) => a * b, 1)) }];
}

/**
 * Stands in for the native library where a test is about files, order and errors. Its steps are arithmetic on the
 * plan, so that every column, the learning rate and each step leave their trace in the state.
 */
export class FakeAddon {
  /** Handles that are not disposed of. */
  readonly alive = new Set<unknown>();
  readonly plans: NativePlan[] = [];
  /** The global step at which the generator's loss is not finite. */
  nonFiniteAt = -1;
  /** Called before each step, with the step since the start of the run. */
  beforeStep: (step: number) => void = () => {};
  threads: number[] = [];
  /** Tokens of each call that encoded texts, and how many a text has. */
  readonly encodedTokens: number[] = [];
  tokenLength = 201;
  readonly #cancelled = new Set<number>();

  readonly addon: FlorigenAddon = {
    configureRuntime: ({ threads }) => {
      this.threads.push(threads);
      return {
        libtorchVersion: '2.11.0',
        builtAgainst: '2.11.0',
        threads: threads || 2,
        cpuCapability: 'NONE',
        cudaDevices: [],
      };
    },
    createGanTrainer: async (options) => {
      const state: FakeState = { tensors: ganTensors(options), options };
      const seeded = state.tensors.get('generator.weight')!.data as Float32Array;
      seeded.set([options.seed, options.adam.beta1, options.network.textSize]);
      this.alive.add(state);
      return state as unknown as GanTrainerHandle;
    },
    trainerManifest: (handle) => manifestOf(handle),
    trainerReadState: async (handle, name) => (tensorOf(handle, name).data.buffer as ArrayBuffer).slice(0),
    trainerWriteState: async (handle, name, bytes) => write(handle, name, bytes),
    trainerRun: async (handle, plan, range, onProgress) => {
      this.plans.push(plan);
      let nextStep = range.first;
      const globalStep = tensorOf(handle, 'progress.step').data as BigInt64Array;
      while (nextStep < range.last && !this.#cancelled.has(range.jobId)) {
        this.beforeStep(Number(globalStep[0]));
        await setImmediate();
        if (this.#cancelled.has(range.jobId)) break;
        if (Number(globalStep[0]) === this.nonFiniteAt)
          throw new NativeError('NON_FINITE', `generator loss of step ${this.nonFiniteAt} is not finite`);
        const state = handle as unknown as FakeState;
        (state.network === undefined ? step : networkStep)(state, plan, nextStep++);
        onProgress({
          nextStep,
          globalStep: Number(globalStep[0]),
          losses:
            state.network === undefined ? { discriminator: 1, generator: 2 } : { [state.network.loss]: 3 },
        });
      }
      const cancelled = this.#cancelled.delete(range.jobId);
      return { nextStep, globalStep: Number(globalStep[0]), cancelled };
    },
    ganTrainerSample: async (handle, sentences, seeds) => {
      const average = stateOf(handle).tensors.get('ema.weight') ?? tensorOf(handle, 'generator.weight');
      return pictures(average.data as Float32Array, sentences, seeds);
    },
    createGenerator: async () => {
      const state: FakeState = {
        tensors: new Map([tensor('generator.weight', 'F32', [3, 2])]),
        options: null,
      };
      this.alive.add(state);
      return state as unknown as GeneratorHandle;
    },
    generatorManifest: (handle) => manifestOf(handle),
    generatorWriteState: async (handle, name, bytes) => write(handle, name, bytes),
    generatorGenerate: async (handle, sentences, seeds) =>
      pictures(tensorOf(handle, 'generator.weight').data as Float32Array, sentences, seeds),
    createTextEncoderTrainer: async ({ network, seed }) =>
      this.#networkTrainer('encoder', { seed, weights: textTensors(network), metrics: 2 }) as never,
    createFeatureTrainer: async ({ network, seed }) => {
      const weights = [tensor('features.weight', 'F32', [4])];
      return this.#networkTrainer('features', { seed, weights, metrics: 1 + network.heads.length }) as never;
    },
    createTextNetwork: async (network) => this.#made(new Map(textTensors(network))) as never,
    textNetworkManifest: (handle) => manifestOf(handle),
    textNetworkWriteState: async (handle, name, bytes) => write(handle, name, bytes),
    textNetworkEncode: async (handle, tokens) => {
      this.encodedTokens.push(tokens.length);
      const weights = tensorOf(handle, 'encoder.emb_proj.bias').data as Float32Array;
      const length = this.tokenLength;
      return Float32Array.from({ length: (tokens.length / length) * weights.length }, (_, i) => {
        const row = Math.floor(i / weights.length) * length;
        return weights[i % weights.length]! + tokens[row]! + tokens[row + 1]! * 0.01;
      });
    },
    createFeatureNetwork: async () => this.#made(new Map([tensor('weight', 'F32', [4])])) as never,
    featureNetworkManifest: (handle) => manifestOf(handle),
    featureNetworkWriteState: async (handle, name, bytes) => write(handle, name, bytes),
    featureNetworkExtract: async (_handle, images, views, { side }) => {
      const rows = views.length / 4;
      const first = (row: number) => images[views[row * 4]! * side * side * 3]!;
      const features = Float32Array.from({ length: rows * 1024 }, (_, i) => {
        const row = Math.floor(i / 1024);
        return first(row) + views[row * 4 + 1]! + 1000 * views[row * 4 + 3]! + (i % 1024) / 1024;
      });
      return { features, logits: new Float32Array(0) };
    },
    covarianceRoot: async (_rows, width) =>
      new Float32Array(width * width).map((_, i) => (i % (width + 1) === 0 ? 1 : 0)),
    cancelJob: (jobId) => void this.#cancelled.add(jobId),
    disposeHandle: async (handle) => void this.alive.delete(handle),
    stopEngine: () => {},
  };

  #made(tensors: Map<string, Tensor>, network?: FakeState['network']): FakeState {
    const state: FakeState = { tensors, options: null, ...(network && { network }) };
    this.alive.add(state);
    return state;
  }

  /** @param loss its name; the last of the weights is the one that learns */
  #networkTrainer(
    loss: string,
    of: { seed: number; weights: [string, Tensor][]; metrics: number },
  ): FakeState {
    const [weight] = of.weights.at(-1)!;
    const tensors = new Map([
      ...of.weights,
      tensor('optimizer.step', 'I64', []),
      tensor('progress.step', 'I64', []),
      tensor('progress.metric_sums', 'F64', [of.metrics]),
      tensor('progress.metric_counts', 'I64', [of.metrics]),
    ]);
    (tensors.get(weight)!.data as Float32Array)[0] = of.seed;
    return this.#made(tensors, { weight, loss });
  }
}

/** Of the right names and shapes, as files are compared with them; the last is the bias of the embedding. */
function textTensors(network: TextNetworkDescription): [string, Tensor][] {
  return textNetworkTensors(network).map(({ name, shape }) => tensor(`encoder.${name}`, 'F32', shape));
}

function ganTensors({ emaDecay }: NativeGanOptions): Map<string, Tensor> {
  return new Map([
    tensor('generator.weight', 'F32', [3, 2]),
    ...(emaDecay > 0 ? [tensor('ema.weight', 'F32', [3, 2])] : []),
    tensor('discriminator.weight', 'F32', [4]),
    tensor('adam.generator.step', 'I64', []),
    tensor('progress.step', 'I64', []),
    tensor('progress.metric_sums', 'F64', [metricNames.length]),
    tensor('progress.metric_counts', 'I64', [metricNames.length]),
  ]);
}

const stateOf = (handle: unknown) => handle as FakeState;
const tensorOf = (handle: unknown, name: string) => stateOf(handle).tensors.get(name)!;
const manifestOf = (handle: unknown) =>
  [...stateOf(handle).tensors.values()].map(({ name, dtype, shape }) => ({ name, dtype, shape }));

function write(handle: unknown, name: string, bytes: Uint8Array): void {
  const { data } = tensorOf(handle, name);
  if (bytes.byteLength !== data.byteLength) throw new Error(`${name}: ${bytes.byteLength} bytes`);
  new Uint8Array(data.buffer).set(bytes);
}

function step({ tensors, options }: FakeState, plan: NativePlan, index: number): void {
  const generator = tensors.get('generator.weight')!.data as Float32Array;
  const discriminator = tensors.get('discriminator.weight')!.data as Float32Array;
  const rows = plan.rowCount / (plan.stepStart.length - 1);
  let trace = 0;
  for (const column of Object.values(plan.columns)) {
    const width = column.length / plan.rowCount;
    for (const value of column.subarray(index * rows * width, (index + 1) * rows * width))
      trace = (trace * 31 + value) % 9973;
  }
  for (let i = 0; i < 6; i++)
    generator[i] = generator[i]! * 0.9 + Math.sin(trace + i) * plan.values.learningRate! * 1000;
  for (let i = 0; i < 4; i++)
    discriminator[i] = discriminator[i]! * 0.8 + Math.cos(trace + i) + plan.values.modeSeekingWeight!;
  const average = tensors.get('ema.weight')?.data as Float32Array | undefined;
  for (let i = 0; i < 6 && average; i++) average[i] = average[i]! * options!.emaDecay + generator[i]! * 0.1;
  const sums = tensors.get('progress.metric_sums')!.data as Float64Array;
  const counts = tensors.get('progress.metric_counts')!.data as BigInt64Array;
  const { clsWeight, contrastive } = options!.objective;
  for (const [i, name] of metricNames.entries()) {
    // of what is off there is nothing to measure
    if (clsWeight === 0 && name.startsWith('mismatched')) continue;
    if (contrastive.weight === 0 && /contrastiveLoss$/i.test(name)) continue;
    sums[i]! += Math.abs(Math.sin(trace * (i + 1)));
    counts[i]! += 1n;
  }
  (tensors.get('adam.generator.step')!.data as BigInt64Array)[0]! += 1n;
  (tensors.get('progress.step')!.data as BigInt64Array)[0]! += 1n;
}

/** A step of one network: every column of the plan, the learning rate and the step leave their trace. */
function networkStep({ tensors, network }: FakeState, plan: NativePlan, index: number): void {
  const weights = tensors.get(network!.weight)!.data as Float32Array;
  const [, first, count] = plan.updates.subarray(index * 3, index * 3 + 3);
  let trace = 0;
  for (const column of Object.values(plan.columns))
    for (const value of column.subarray(first!, first! + count!)) trace = (trace * 31 + value) % 9973;
  for (let i = 0; i < weights.length; i++)
    weights[i] = weights[i]! * 0.9 + Math.sin(trace + i) * plan.values.learningRate! * 1000;
  const sums = tensors.get('progress.metric_sums')!.data as Float64Array;
  const counts = tensors.get('progress.metric_counts')!.data as BigInt64Array;
  sums.forEach((_, i) => {
    sums[i]! += Math.abs(Math.sin(trace * (i + 1)));
    counts[i]! += 1n;
  });
  for (const name of ['optimizer.step', 'progress.step'])
    (tensors.get(name)!.data as BigInt64Array)[0]! += 1n;
}

function pictures(weights: Float32Array, sentences: Float32Array, seeds: Uint32Array): Uint8Array {
  const size = 64 * 64 * 3;
  const width = sentences.length / seeds.length;
  const bytes = new Uint8Array(seeds.length * size);
  seeds.forEach((seed, i) => {
    const text = sentences
      .subarray(i * width, (i + 1) * width)
      .reduce((sum, value, k) => sum + value * (k % 7), 0);
    bytes.fill(Math.abs(Math.round(weights[0]! * 50 + seed * 20 + text)) % 256, i * size, (i + 1) * size);
  });
  return bytes;
}
