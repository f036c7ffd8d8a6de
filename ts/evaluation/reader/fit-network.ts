import type { PhiloxStream } from '../../data/philox';
import { type DenseLayer, forward, type PixelNetwork, writeSoftmax } from './pixel-network';

// Taken once: in jest's sandbox a global costs a hundred nanoseconds a look.
const { floor, max, sqrt } = Math;

export interface NetworkFitOptions {
  /** Row-major `[rows, inputs]`. */
  features: Float32Array;
  inputs: number;
  /** The kind of region of every row. */
  kinds: Uint8Array;
  kindCount: number;
  hidden: number[];
  epochs: number;
  learningRate: number;
  /** Initial weights and the order of rows come from here. */
  random: PhiloxStream;
}

const BATCH = 64;
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

interface Trainable extends DenseLayer {
  weightGradient: Float32Array;
  biasGradient: Float32Array;
  moments: { weights: [Float32Array, Float32Array]; bias: [Float32Array, Float32Array] };
}

/** Fits a perceptron by Adam (Kingma and Ba 2015) on cross-entropy, the rate falling along a half cosine to zero. */
export function fitNetwork(options: NetworkFitOptions): PixelNetwork {
  const { features, inputs, kinds, epochs, random } = options;
  const rows = kinds.length;
  const { inputMean, inputScale } = normalization(features, inputs);
  const sizes = [inputs, ...options.hidden, options.kindCount];
  const layers = sizes.slice(1).map((outputs, i) => makeLayer(sizes[i]!, outputs, random));
  const values = sizes.map((size) => new Float64Array(size));
  const errors = sizes.map((size) => new Float64Array(size));
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  const batches = floor(rows / BATCH);
  for (let update = 0; update < epochs * batches; update++) {
    const place = update % batches;
    if (place === 0) shuffleInPlace(order, random);
    for (let i = 0; i < BATCH; i++) {
      const row = order[place * BATCH + i]!;
      for (let f = 0; f < inputs; f++) {
        values[0]![f] = (features[row * inputs + f]! - inputMean[f]!) * inputScale[f]!;
      }
      accumulate(layers, values, errors, kinds[row]!);
    }
    const rate = options.learningRate * 0.5 * (1 + Math.cos((Math.PI * update) / (epochs * batches)));
    for (const layer of layers) applyAdam(layer, rate, update + 1);
  }
  return {
    inputMean,
    inputScale,
    layers: layers.map(({ inputs, outputs, weights, bias }) => ({ inputs, outputs, weights, bias })),
  };
}

/** Adds the gradient of one row's cross-entropy to the layers. */
function accumulate(layers: Trainable[], values: Float64Array[], errors: Float64Array[], kind: number): void {
  layers.forEach((layer, depth) => {
    forward(layer, values[depth]!, values[depth + 1]!, depth + 1 < layers.length);
  });
  writeSoftmax(values.at(-1)!, errors.at(-1)!, 0);
  errors.at(-1)![kind]! -= 1;
  for (let depth = layers.length - 1; depth >= 0; depth--) {
    const { inputs, outputs, weights, weightGradient, biasGradient } = layers[depth]!;
    const input = values[depth]!;
    const error = errors[depth + 1]!;
    const below = errors[depth]!;
    below.fill(0);
    for (let o = 0; o < outputs; o++) {
      const e = error[o]!;
      if (e === 0) continue;
      biasGradient[o]! += e;
      for (let i = 0; i < inputs; i++) {
        weightGradient[o * inputs + i]! += e * input[i]!;
        below[i]! += e * weights[o * inputs + i]!;
      }
    }
    if (depth > 0) for (let i = 0; i < inputs; i++) if (input[i]! <= 0) below[i] = 0;
  }
}

function applyAdam(layer: Trainable, rate: number, step: number): void {
  const correction = sqrt(1 - BETA_2 ** step) / (1 - BETA_1 ** step);
  const update = (values: Float32Array, gradient: Float32Array, [m, v]: [Float32Array, Float32Array]) => {
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]! / BATCH;
      m[i] = BETA_1 * m[i]! + (1 - BETA_1) * g;
      v[i] = BETA_2 * v[i]! + (1 - BETA_2) * g * g;
      values[i]! -= (rate * correction * m[i]!) / (sqrt(v[i]!) + EPSILON);
    }
    gradient.fill(0);
  };
  update(layer.weights, layer.weightGradient, layer.moments.weights);
  update(layer.bias, layer.biasGradient, layer.moments.bias);
}

/** He's initial weights for ReLU, zero bias. */
function makeLayer(inputs: number, outputs: number, random: PhiloxStream): Trainable {
  const size = inputs * outputs;
  return {
    inputs,
    outputs,
    weights: Float32Array.from({ length: size }, () => random.normal() * sqrt(2 / inputs)),
    bias: new Float32Array(outputs),
    weightGradient: new Float32Array(size),
    biasGradient: new Float32Array(outputs),
    moments: {
      weights: [new Float32Array(size), new Float32Array(size)],
      bias: [new Float32Array(outputs), new Float32Array(outputs)],
    },
  };
}

function normalization(
  features: Float32Array,
  inputs: number,
): Pick<PixelNetwork, 'inputMean' | 'inputScale'> {
  const rows = features.length / inputs;
  const sums = new Float64Array(inputs);
  const squares = new Float64Array(inputs);
  for (let i = 0; i < features.length; i++) {
    sums[i % inputs]! += features[i]!;
    squares[i % inputs]! += features[i]! ** 2;
  }
  const inputMean = Float32Array.from(sums, (sum) => sum / rows);
  const inputScale = Float32Array.from(
    squares,
    (square, f) => 1 / sqrt(max(1e-6, square / rows - inputMean[f]! ** 2)),
  );
  return { inputMean, inputScale };
}

function shuffleInPlace(order: Uint32Array, random: PhiloxStream): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
}
