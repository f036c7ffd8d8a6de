import { readT7Tensor, type T7File } from '../../formats/t7/file';
import type { T7Object, T7Tensor } from '../../formats/t7/values';
import { encoderArchitectures } from './architectures';
import { describeLayers, type FoundConvolution, toPyTorchLayout } from './convolutions';
import { expectedTensors, type FoundEncoder, type FoundTensor } from './found-encoder';
import { childModules, moduleName, numberField, tensorField } from './modules';
import { checkpointRemarks, locateNetwork, vocabularyOf } from './torch7-checkpoint';
import { type FoundLinear, linearOf, readRecurrence } from './torch7-recurrence';

/**
 * Recognizes one of the authors' encoders in a Torch7 file by what its graph computes, and measures its weights.
 * @param fail refuses the file, in one sentence
 */
export async function findTorch7Encoder(file: T7File, fail: (what: string) => never): Promise<FoundEncoder> {
  const { network, place } = locateNetwork(file.root, fail);
  const modules = childModules(network).filter((module) => moduleName(module) !== 'Identity');
  const names = modules.map(moduleName).filter((name) => name !== 'Dropout');
  if (names.join(' ') !== 'Sequential SplitTable gModule Linear')
    return fail(
      `its network is made of ${names.join(', ') || 'nothing'}, where an encoder has Sequential, SplitTable, gModule, Linear`,
    );
  const at = (name: string) => {
    const index = childModules(network).findIndex((module) => moduleName(module) === name);
    const from = `${place === '' ? '' : `${place}.`}modules[${index + 1}]`;
    return { module: childModules(network)[index] as T7Object, from };
  };
  const sequential = at('Sequential');
  const { layers, convolutions } = describeLayers(sequential.module, sequential.from, fail);
  const architecture =
    encoderArchitectures.find((candidate) => candidate.layers === layers) ??
    fail(`its layers are ${layers || 'none'}, which no encoder of the authors has`);
  const vocabulary = architecture.id === 'word-cnn-rnn' ? vocabularyOf(file.root, fail) : undefined;
  const projection = at('Linear');
  const linear = linearOf(projection.module, projection.from, fail);
  const [embeddingSize = 0, recurrenceSize = 0] = linear.weight.sizes;
  const vocabularySize = convolutions[0]!.inputs;
  const sizes = { vocabularySize, recurrenceSize, embeddingSize };
  const recurrent = await readRecurrence(file, at('gModule'), architecture, fail);
  const parts = new Map<string, FoundTensor>();
  for (const [i, convolution] of convolutions.entries())
    for (const found of convolutionTensors(file, `conv${i + 1}`, convolution)) parts.set(found.part, found);
  for (const [name, layer] of [...recurrent, ['emb_proj', linear] as const])
    for (const found of linearTensors(file, name, layer)) parts.set(found.part, found);
  const tensors = expectedTensors(architecture, sizes).map(({ part, shape }) => {
    const found = parts.get(part)!;
    if (String(found.shape) !== String(shape))
      fail(
        `${found.from} has the shape [${found.shape.join(', ')}], where ${architecture.id} has [${shape.join(', ')}]`,
      );
    return found;
  });
  const dropout = modules.find((module) => moduleName(module) === 'Dropout') ?? null;
  return {
    architecture,
    layout: place === '' ? 'a bare Torch7 network' : `${place} of a Torch7 checkpoint`,
    sizes,
    tensors,
    ...(vocabulary === undefined ? {} : { vocabulary }),
    dropout: numberField(dropout, 'p') ?? 0,
    ...checkpointRemarks(file.root, network),
  };
}

function convolutionTensors(file: T7File, name: string, convolution: FoundConvolution): FoundTensor[] {
  const { module, inputs, outputs, kernel, from } = convolution;
  const [weight, bias] = [tensorField(module, 'weight')!, tensorField(module, 'bias')!];
  return [
    {
      part: `${name}.weight`,
      shape: [outputs, inputs, kernel],
      type: weight.className,
      from: `${from}.weight`,
      read: async () => toPyTorchLayout(await readT7Tensor(file, weight), convolution),
    },
    biasOf(file, name, bias, from),
  ];
}

function linearTensors(file: T7File, name: string, { weight, bias, from }: FoundLinear): FoundTensor[] {
  return [
    {
      part: `${name}.weight`,
      shape: [...weight.sizes],
      type: weight.className,
      from: `${from}.weight`,
      read: () => readT7Tensor(file, weight),
    },
    biasOf(file, name, bias, from),
  ];
}

function biasOf(file: T7File, name: string, bias: T7Tensor, from: string): FoundTensor {
  return {
    part: `${name}.bias`,
    shape: [...bias.sizes],
    type: bias.className,
    from: `${from}.bias`,
    read: () => readT7Tensor(file, bias),
  };
}
