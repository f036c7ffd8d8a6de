import { T7Object, type T7Value } from '../../formats/t7/values';
import { childModules, describe, moduleName, numberField, tensorField } from './modules';

/** A temporal convolution of the file and where it stands. */
export interface FoundConvolution {
  module: T7Object;
  inputs: number;
  outputs: number;
  kernel: number;
  from: string;
}

/** The layers of a `Sequential` in the words of `EncoderArchitecture.layers`, and its convolutions. */
export function describeLayers(
  sequential: T7Value,
  from: string,
  fail: (what: string) => never,
): { layers: string; convolutions: FoundConvolution[] } {
  const convolutions: FoundConvolution[] = [];
  const words = childModules(sequential).map((module, i) => {
    if (moduleName(module) !== 'TemporalConvolution' || !(module instanceof T7Object))
      return describeLayer(module);
    const found = readConvolution(module, `${from}.modules[${i + 1}]`, fail);
    convolutions.push(found);
    return `conv${found.kernel}${strideOf(module) === 1 ? '' : `/${strideOf(module)}`}`;
  });
  return { layers: words.join(' '), convolutions };
}

function describeLayer(module: T7Value): string {
  const name = moduleName(module);
  if (name === 'Threshold') {
    const [threshold, value] = [numberField(module, 'threshold'), numberField(module, 'val')];
    return threshold === 1e-6 && value === 0 ? 'threshold' : `threshold(${threshold}, ${value})`;
  }
  if (name === 'TemporalMaxPooling') return `pool${numberField(module, 'kW')}/${numberField(module, 'dW')}`;
  return name;
}

function readConvolution(module: T7Object, from: string, fail: (what: string) => never): FoundConvolution {
  const weight = tensorField(module, 'weight');
  const bias = tensorField(module, 'bias');
  const inputs = numberField(module, 'inputFrameSize') ?? 0;
  const [outputs = 0, columns = 0] = weight?.sizes ?? [];
  const kernel = columns / inputs;
  const isWhole = weight?.sizes.length === 2 && Number.isInteger(kernel) && kernel > 0;
  if (!isWhole || bias?.sizes.length !== 1 || bias.sizes[0] !== outputs)
    return fail(
      `${from} has the weight ${describe(weight ?? null)} and the bias ${describe(bias ?? null)} for ${inputs} inputs`,
    );
  return { module, inputs, outputs, kernel, from };
}

/** cudnn treats time as the height of a picture, so that the stride over time is `dH` there. */
function strideOf(module: T7Object): number {
  return numberField(module, module.className.startsWith('cudnn.') ? 'dH' : 'dW') ?? 1;
}

/** Torch7's [out, kernel * in] as PyTorch's [out, in, kernel]; both row-major. */
export function toPyTorchLayout(
  weight: Float32Array,
  { inputs, outputs, kernel }: Pick<FoundConvolution, 'inputs' | 'outputs' | 'kernel'>,
): Float32Array {
  const result = new Float32Array(weight.length);
  let next = 0;
  for (let out = 0; out < outputs; out++)
    for (let input = 0; input < inputs; input++)
      for (let step = 0; step < kernel; step++)
        result[next++] = weight[(out * kernel + step) * inputs + input]!;
  return result;
}
