import { createHash } from 'node:crypto';
import { readT7Tensor, type T7File } from '../../formats/t7/file';
import { T7Object, type T7Tensor, type T7Value } from '../../formats/t7/values';
import { recurrences } from '../text-network-sizes';
import type { EncoderArchitecture } from './architectures';
import { readGraph } from './graph-expression';
import { childModules, describe, moduleName, onlyModule, tensorField } from './modules';
import { matchRecurrence } from './recurrence';

/** A linear layer of the file and where it stands. */
export interface FoundLinear {
  weight: T7Tensor;
  bias: T7Tensor;
  from: string;
}

/** The linear layers of the recurrence by their part, first use in the graph each. */
export async function readRecurrence(
  file: T7File,
  { module, from }: { module: T7Object; from: string },
  { id, recurrence, steps }: EncoderArchitecture,
  fail: (what: string) => never,
): Promise<[string, FoundLinear][]> {
  const linears = recurrentLinears(module, from, fail);
  const wanted = recurrences[recurrence].length;
  // All are read: views of one storage cost a file nothing.
  if (linears.length > wanted * steps)
    return fail(
      `${from} has ${linears.length} linear layers, where the ${steps} steps of ${id} have ${wanted * steps} at most`,
    );
  const byWeights = new Map<string, FoundLinear>();
  const weightsOf = new Map<T7Value, string>();
  for (const [linearModule, linear] of linears) {
    const key = await contentKey(file, linear);
    weightsOf.set(linearModule, key);
    if (!byWeights.has(key)) byWeights.set(key, linear);
  }
  const graph = readGraph(module, {
    weightsOf: (linear) => weightsOf.get(linear) ?? fail(`a Linear of ${from} is not among its modules`),
    fail,
  });
  if (byWeights.size !== wanted)
    return fail(
      `${from} has ${byWeights.size} different linear layers, where the steps of ${id} share ${wanted}`,
    );
  const match = matchRecurrence(recurrence, graph, [...byWeights.keys()], steps);
  if (match === undefined) return fail(`${from} does not compute the recurrence of ${id} in ${steps} steps`);
  if (match.lastStepOnly)
    return fail(`${from} ends with the last step of its recurrence, where ${id} has the mean over all steps`);
  return Object.entries(match.layers).map(([name, key]) => [`rnn.${name}`, byWeights.get(key)!]);
}

/** All linear layers of a graph: its own, and those in a Sequential of one. */
function recurrentLinears(
  graph: T7Object,
  from: string,
  fail: (what: string) => never,
): [T7Object, FoundLinear][] {
  return childModules(graph).flatMap((module, i) => {
    const place = `${from}.modules[${i + 1}]`;
    const isSequential = moduleName(module) === 'Sequential';
    const linear = isSequential ? onlyModule(module, fail) : module;
    if (!(linear instanceof T7Object) || moduleName(linear) !== 'Linear') return [];
    return [[linear, linearOf(linear, isSequential ? `${place}.modules[1]` : place, fail)]];
  });
}

/** A Linear with weight and bias of fitting sizes. */
export function linearOf(module: T7Object, from: string, fail: (what: string) => never): FoundLinear {
  const weight = tensorField(module, 'weight');
  const bias = tensorField(module, 'bias');
  if (weight?.sizes.length !== 2 || bias?.sizes.length !== 1 || bias.sizes[0] !== weight.sizes[0])
    return fail(`${from} has the weight ${describe(weight ?? null)} and the bias ${describe(bias ?? null)}`);
  return { weight, bias, from };
}

/** Steps share weights by views of one storage, or, after a move to another device, by equal copies. */
async function contentKey(file: T7File, { weight, bias }: FoundLinear): Promise<string> {
  const hash = createHash('sha256');
  for (const tensor of [weight, bias]) {
    const numbers = await readT7Tensor(file, tensor);
    hash
      .update(`${tensor.sizes}`)
      .update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }
  return hash.digest('hex');
}
