/**
 * The typed table of the native boundary. Each function here stands in `native/binding/` with the same signature as
 * its comment; `test/addon/signatures.test.ts` compares the two. Every option is required: defaults live in
 * TypeScript. Handles are tagged objects that only the addon can make; no tensor crosses.
 */

declare const tag: unique symbol;
/** A native GAN trainer. */
export interface GanTrainerHandle {
  readonly [tag]: 'GanTrainer';
}
/** A native trainer of a text encoder. */
export interface TextEncoderTrainerHandle {
  readonly [tag]: 'TextEncoderTrainer';
}
/** A native trainer of a feature network. */
export interface FeatureTrainerHandle {
  readonly [tag]: 'FeatureTrainer';
}
/** A native trainer of any kind. */
export type TrainerHandle = GanTrainerHandle | TextEncoderTrainerHandle | FeatureTrainerHandle;
/** A native generator in evaluation mode. */
export interface GeneratorHandle {
  readonly [tag]: 'Generator';
}

/** A native text network in evaluation mode. */
export interface TextNetworkHandle {
  readonly [tag]: 'TextNetwork';
}

/** A native feature network in evaluation mode. */
export interface FeatureNetworkHandle {
  readonly [tag]: 'FeatureNetwork';
}

export type NativeDtype = 'float32' | 'float64';
export type NativeDevice = 'cpu' | 'cuda';
export type NativePrecision = 'ieee' | 'tf32' | 'bf16';
export type NativeFamily = 'reed2016' | 'dcgan' | 'modulated';

/** Where the bytes of one tensor lie in a file: little-endian, packed, row-major. */
export interface NativeTensorRef {
  path: string;
  /** Bytes from the start of the file. */
  offset: number;
  bytes: number;
  dtype: 'U8' | 'I32' | 'F32' | 'F64';
  shape: number[];
}

/** One tensor of a manifest. `dtype` in safetensors' spelling: F32, F64, I64. */
export interface NativeTensorInfo {
  name: string;
  dtype: string;
  shape: number[];
}

export interface NativeRuntimeOptions {
  /** Intra-op threads, set once per process; 0 means one per physical core as LibTorch counts. */
  threads: number;
}

export interface NativeRuntimeInfo {
  libtorchVersion: string;
  /** The version that libflorigen was built against. */
  builtAgainst: string;
  threads: number;
  cpuCapability: string;
  cudaDevices: { name: string; memoryBytes: number; capability: string }[];
}

/** Where a network computes, and how its numbers are rounded. */
export interface NativeMachine {
  dtype: NativeDtype;
  device: NativeDevice;
  precision: NativePrecision;
  /** On CUDA: deterministic algorithms only. */
  deterministic: boolean;
}

export interface NativeNetworkOptions extends NativeMachine {
  family: NativeFamily;
  /** Width of the sentence embedding. */
  textSize: number;
  noiseSize: number;
  projectedTextSize: number;
  generatorFeatures: number;
  discriminatorFeatures: number;
}

export interface NativeGanOptions {
  network: NativeNetworkOptions;
  /** uint32; the key of every random number. */
  seed: number;
  images: NativeTensorRef;
  /** F32 [captions, d]; null with `fineTuning`. */
  sentenceEmbeddings: NativeTensorRef | null;
  /** A text network that learns, of I32 [captions, length]; its weights are written before the first step. */
  fineTuning: { network: NativeTextNetworkOptions; tokens: NativeTensorRef } | null;
  /**
   * A feature network that judges what the generator draws (docs/step.md, section 15); without heads, and its weights
   * `guide.eyes.*` are written before the first step. A plan then has a column `class`.
   */
  guide: {
    network: NativeFeatureNetworkOptions;
    weight: number;
    temperature: number;
    criticWeight: number;
  } | null;
  objective: {
    pairing: 'authors' | 'paper';
    clsWeight: number;
    interpolationWeight: number;
    interpolationBeta: 'half' | 'uniform' | 'extrapolate';
    modeSeekingEpsilon: number;
    /** With a weight above 0 a plan has a column `class`. */
    contrastive: { weight: number; temperature: number };
  };
  augmentation: { translation: number; cutout: number };
  adam: { beta1: number; beta2: number; epsilon: number };
  /** 0 for no average. */
  emaDecay: number;
}

/** GoogLeNet with batch norm and linear heads on its features (docs/features-step.md). */
export interface NativeFeatureNetworkOptions extends NativeMachine {
  architecture: 'googlenet' | 'googlenet-small';
  /** Side of the images that it sees, 32 to 1024; 224 is what torchvision's weights were trained on. */
  inputSize: number;
  /** Classes of each linear head; may be empty. */
  heads: number[];
}

/** A network from token sequences to embeddings. */
export interface NativeTextNetworkOptions extends NativeMachine {
  architecture: 'char-cnn-rnn' | 'char-cnn-gru' | 'word-cnn-rnn' | 'bag-of-words';
  /** Tokens are 1 .. vocabularySize; 0 is padding, or a symbol without a channel. */
  vocabularySize: number;
  /** Tokens of a text, padding included. */
  length: number;
  /** Channels of the third convolution and width of the recurrence (`cnn_dim`). */
  convolutionSize: number;
  embeddingSize: number;
  dropout: number;
}

export interface NativeOptimizerOptions {
  kind: 'rmsprop' | 'adam';
  beta1: number;
  /** Of RMSprop the decay of the mean square (alpha). */
  beta2: number;
  epsilon: number;
}

export interface NativeTextEncoderOptions {
  network: NativeTextNetworkOptions;
  seed: number;
  /** I32 [captions, length] */
  tokens: NativeTensorRef;
  /** F32 [images, views, d]; null for the objective `captions`. */
  features: NativeTensorRef | null;
  objective: { kind: 'sje' | 'captions'; symmetric: boolean; margin: number };
  optimizer: NativeOptimizerOptions;
  /** Every parameter begins at U(-r, r). */
  initialRange: number;
  /** Words of a caption that training leaves out; `separator`: the token between words, 0 where each token is a word. */
  wordDropout: { share: number; separator: number };
}

export interface NativeFeatureTrainerOptions {
  network: NativeFeatureNetworkOptions;
  seed: number;
  /** U8 [images, side, side, 3] */
  images: NativeTensorRef;
  /** I32 [images, heads]; -1 for none. */
  labels: NativeTensorRef;
  headWeights: number[];
  /** Side of the crops that the plan places. */
  cropSide: number;
  optimizer: NativeOptimizerOptions;
}

/** Row-major, one row for each view. */
export interface NativeViewFeatures {
  /** [views, 1024] */
  features: Float32Array;
  /** [views, classes of all heads, in their order] */
  logits: Float32Array;
}

/**
 * The plan of an epoch, version 2. Columns of Int32, one value (or `captionsPerImage` values, row-major) per row. Of a
 * GAN: `image, cropX, cropY, flip, captions` and, for pairing `authors`, `mismatchedImage, mismatchedCropX,
 * mismatchedCropY, mismatchedFlip`, for pairing `paper`, `mismatchedCaptions` (any number of such lists a row, one
 * after another). A caption of -1 is absent.
 */
export interface NativePlan {
  version: 2;
  rowCount: number;
  captionsPerImage: number;
  columns: Record<string, Int32Array>;
  /** [updateCount, 3]: kind (0 discriminator, 1 generator, 2 encoder, 3 features), first row, row count. */
  updates: Int32Array;
  /** [stepCount + 1]: step s is the updates `stepStart[s] .. stepStart[s + 1] - 1`. */
  stepStart: Int32Array;
  /** Numbers of the whole epoch: `learningRate`, of a GAN `modeSeekingWeight`, with `fineTuning` `encoderLearningRate`. */
  values: Record<string, number>;
}

export interface NativeRunProgress {
  /** Next step of the plan to run. */
  nextStep: number;
  /** Steps since the start of the run, over all epochs. */
  globalStep: number;
  /** The newest loss of each kind of update: `discriminator` and `generator` of a GAN. */
  losses: Record<string, number>;
}

export interface NativeRunResult {
  /** Next step of the plan: `last` when all ran, less when cancelled. */
  nextStep: number;
  globalStep: number;
  cancelled: boolean;
}

export interface FlorigenAddon {
  configureRuntime(options: NativeRuntimeOptions): NativeRuntimeInfo;
  createGanTrainer(options: NativeGanOptions): Promise<GanTrainerHandle>;
  trainerManifest(trainer: TrainerHandle): NativeTensorInfo[];
  trainerReadState(trainer: TrainerHandle, name: string): Promise<ArrayBuffer>;
  trainerWriteState(trainer: TrainerHandle, name: string, bytes: Uint8Array): Promise<void>;
  /** Runs steps `first .. last - 1` of the plan. `onProgress` is called at most ten times a second. */
  trainerRun(
    trainer: TrainerHandle,
    plan: NativePlan,
    range: { first: number; last: number; jobId: number },
    onProgress: (progress: NativeRunProgress) => void,
  ): Promise<NativeRunResult>;
  /** RGB bytes [n, 64, 64, 3] from the averaged weights (live ones without an average), evaluation mode. */
  ganTrainerSample(
    trainer: GanTrainerHandle,
    sentences: Float32Array,
    seeds: Uint32Array,
  ): Promise<Uint8Array>;
  createGenerator(options: NativeNetworkOptions): Promise<GeneratorHandle>;
  generatorManifest(generator: GeneratorHandle): NativeTensorInfo[];
  generatorWriteState(generator: GeneratorHandle, name: string, bytes: Uint8Array): Promise<void>;
  /** RGB bytes [n, 64, 64, 3]; row i from sentence i (row-major [n, textSize]) and the noise of seeds[i]. */
  generatorGenerate(
    generator: GeneratorHandle,
    sentences: Float32Array,
    seeds: Uint32Array,
  ): Promise<Uint8Array>;
  createTextEncoderTrainer(options: NativeTextEncoderOptions): Promise<TextEncoderTrainerHandle>;
  createFeatureTrainer(options: NativeFeatureTrainerOptions): Promise<FeatureTrainerHandle>;
  createTextNetwork(options: NativeTextNetworkOptions): Promise<TextNetworkHandle>;
  textNetworkManifest(network: TextNetworkHandle): NativeTensorInfo[];
  textNetworkWriteState(network: TextNetworkHandle, name: string, bytes: Uint8Array): Promise<void>;
  /** Embeddings [n, embeddingSize] of tokens [n, length], both row-major. */
  textNetworkEncode(network: TextNetworkHandle, tokens: Int32Array): Promise<Float32Array>;
  createFeatureNetwork(options: NativeFeatureNetworkOptions): Promise<FeatureNetworkHandle>;
  /** Tensors by torchvision's names, and `heads.N.weight`, `heads.N.bias`. */
  featureNetworkManifest(network: FeatureNetworkHandle): NativeTensorInfo[];
  /**
   * Also takes the rest of a torchvision state dict: `fc.*` goes to the first head of as many classes, and nowhere where
   * there is none; `aux1.*` and `aux2.*` go nowhere.
   */
  featureNetworkWriteState(network: FeatureNetworkHandle, name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Features of views. `images`: RGB bytes [n, side, side, 3]. `views` [rows, 4]: image, x, y, flip; the square of
   * `cropSide` pixels at (x, y), mirrored where flip is 1, resized to the network's input.
   */
  featureNetworkExtract(
    network: FeatureNetworkHandle,
    images: Uint8Array,
    views: Int32Array,
    crop: { side: number; cropSide: number },
  ): Promise<NativeViewFeatures>;
  /** The symmetric root of the covariance of rows of `width` numbers, [width, width]. */
  covarianceRoot(rows: Float32Array, width: number): Promise<Float32Array>;
  /** Ends the job after the step in hand; unknown or finished jobs are ignored. */
  cancelJob(jobId: number): void;
  /** Frees the native object after the jobs before it; idempotent. */
  disposeHandle(
    handle: TrainerHandle | GeneratorHandle | TextNetworkHandle | FeatureNetworkHandle,
  ): Promise<void>;
  /** Stops the engine after the step in hand and joins its thread; for process exit. */
  stopEngine(): void;
}
