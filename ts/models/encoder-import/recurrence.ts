import { type RecurrenceKind, recurrences } from '../text-network-sizes';
import type { Expression, Expressions } from './graph-expression';

type Layers = Readonly<Record<string, string>>;

/**
 * Finds which weights play which part: the one assignment under which the graph computes the mean over `steps` of
 * the recurrence. @returns weights by layer, and whether the graph ends with the last step instead of the mean;
 * `undefined` where there is no such assignment
 */
export function matchRecurrence(
  kind: RecurrenceKind,
  graph: { expressions: Expressions; output: Expression },
  weights: readonly string[],
  steps: number,
): { layers: Layers; lastStepOnly: boolean } | undefined {
  const names = recurrences[kind];
  if (weights.length !== names.length) return undefined;
  for (const order of permutations(weights)) {
    const layers = Object.fromEntries(names.map((name, i) => [name, order[i]!]));
    const hidden = hiddenStates(kind, graph.expressions, layers, steps);
    if (hidden === undefined) continue;
    if (meanOf(graph.expressions, hidden) === graph.output) return { layers, lastStepOnly: false };
    if (hidden.at(-1) === graph.output) return { layers, lastStepOnly: true };
  }
  return undefined;
}

function hiddenStates(
  kind: RecurrenceKind,
  graph: Expressions,
  layers: Layers,
  steps: number,
): Expression[] | undefined {
  const hidden: Expression[] = [];
  for (let step = 1; step <= steps; step++) {
    const input = graph.find(`input ${step}`, graph.find('inputs'));
    const state = (kind === 'rnn' ? rnnStep : gruStep)(graph, layers, input, hidden.at(-1));
    if (state === undefined) return undefined;
    hidden.push(state);
  }
  return hidden;
}

type Step = (
  graph: Expressions,
  layers: Layers,
  input: Expression | undefined,
  before: Expression | undefined,
) => Expression | undefined;

const rnnStep: Step = (graph, layers, input, before) => {
  const own = graph.find(`linear ${layers.i2h}`, input);
  if (before === undefined) return graph.find('relu', own);
  return graph.find('relu', graph.find('add', own, graph.find(`linear ${layers.h2h}`, before)));
};

const gruStep: Step = (graph, layers, input, before) => {
  const linear = (name: string, of: Expression | undefined) => graph.find(`linear ${layers[name]}`, of);
  if (before === undefined) return graph.find('tanh', linear('i2h', input));
  const gate = (name: string) =>
    graph.find('sigmoid', graph.find('add', linear(`i2h_${name}`, input), linear(`h2h_${name}`, before)));
  const update = gate('update');
  const kept = graph.find('multiply', gate('reset'), before);
  const candidate = graph.find('tanh', graph.find('add', linear('i2h', input), linear('h2h', kept)));
  const rest = graph.find('plus 1', graph.find('times -1', update));
  return graph.find('add', graph.find('multiply', update, candidate), graph.find('multiply', rest, before));
};

function meanOf(graph: Expressions, hidden: readonly Expression[]): Expression | undefined {
  const sum = hidden.reduce<Expression | undefined>(
    (total, state, i) => (i === 0 ? state : graph.find('add', total, state)),
    undefined,
  );
  return graph.find(`times ${1 / hidden.length}`, sum);
}

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [i, first] of items.entries())
    for (const rest of permutations(items.toSpliced(i, 1))) yield [first, ...rest];
}
