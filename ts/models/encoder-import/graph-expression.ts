import { T7Object, T7Table, type T7Value } from '../../formats/t7/values';
import { moduleName, numberField, onlyModule } from './modules';

/** Sequentials in each other: a table of modules may hold itself. */
const maximumDepth = 4;
/** Values that a module takes; nodes that share a longer list would each go through it. */
const maximumSources = 2;

/** A value that a graph computes, by number: equal expressions have equal numbers. */
export type Expression = number;

/** The expressions of a graph, each known by its operation and the numbers of its arguments. */
export class Expressions {
  readonly #numbers = new Map<string, Expression>();

  /** The number of an expression, which is new where it was not met before. */
  add(operation: string, args: readonly Expression[]): Expression {
    const key = keyOf(operation, args);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  /** The number of an expression; `undefined` where the graph never computes it, or one of its arguments. */
  find(operation: string, ...args: readonly (Expression | undefined)[]): Expression | undefined {
    if (args.includes(undefined)) return undefined;
    return this.#numbers.get(keyOf(operation, args as Expression[]));
  }
}

function keyOf(operation: string, args: readonly Expression[]): string {
  const ordered = operation === 'add' || operation === 'multiply' ? [...args].sort((a, b) => a - b) : args;
  return `${operation}(${ordered.join()})`;
}

/** Modules of one or more inputs without parameters, and what they are called here. */
const operations: Readonly<Record<string, (module: T7Value) => string>> = {
  CAddTable: () => 'add',
  CMulTable: () => 'multiply',
  ReLU: () => 'relu',
  Tanh: () => 'tanh',
  Sigmoid: () => 'sigmoid',
  MulConstant: (module) => `times ${numberField(module, 'constant_scalar')}`,
  AddConstant: (module) => `plus ${numberField(module, 'constant_scalar')}`,
};

/** What {@link readGraph} needs of the one who asks. */
export interface GraphReading {
  /** The name of a Linear's weights: equal names, equal weights. */
  weightsOf(linear: T7Object): string;
  fail(what: string): never;
}

/**
 * What an nngraph `gModule` computes, as an expression over its inputs `input i`. Nodes know what they depend on by
 * `data.mapindex`; `forwardnodes` holds them in the order of evaluation.
 */
export function readGraph(
  graph: T7Object,
  { weightsOf, fail }: GraphReading,
): { expressions: Expressions; output: Expression; nodes: number } {
  const expressions = new Expressions();
  const values = new Map<T7Value, Expression>();
  const innode = dataOf(graph.get('innode'));
  const nodes =
    graph.get('forwardnodes') instanceof T7Table ? (graph.get('forwardnodes') as T7Table).list() : [];
  if (innode === null || nodes.length === 0) return fail('its recurrent graph has no nodes');
  values.set(innode, expressions.add('inputs', []));
  for (const node of nodes) {
    const data = dataOf(node);
    if (data === null) return fail('a node of its recurrent graph has no data');
    if (data !== innode) values.set(data, evaluate(data));
  }
  const output = values.get(dataOf(graph.get('outnode')));
  return output === undefined
    ? fail('its recurrent graph has no output')
    : { expressions, output, nodes: nodes.length };

  function evaluate(data: T7Table): Expression {
    const sources = sourcesOf(data);
    if (sources.length > maximumSources)
      return fail(
        `a node of its recurrent graph takes ${sources.length} values, where the authors' take ${maximumSources} at most`,
      );
    const args = sources.map((source) => {
      const value =
        values.get(source) ?? fail('a node of its recurrent graph comes before one that it needs');
      // In old files the node of the inputs numbers those who take one.
      const place = source === innode ? innode?.get('mapindex') : null;
      const index = place instanceof T7Table ? place.get(data) : null;
      return typeof index === 'number' ? expressions.add(`input ${index}`, [value]) : value;
    });
    const selected = data.get('selectindex');
    if (typeof selected === 'number') return expressions.add(`input ${selected}`, args);
    const module = data.get('module');
    if (module !== null) return apply(module, args, 0);
    return args.length === 1 ? args[0]! : fail('a node of its recurrent graph has no module');
  }

  function apply(module: T7Value, args: Expression[], depth: number): Expression {
    const name = moduleName(module);
    if (name === 'Identity' && args.length === 1) return args[0]!;
    if (name === 'Sequential' && args.length === 1 && depth < maximumDepth)
      return apply(onlyModule(module, fail), args, depth + 1);
    if (name === 'Linear' && module instanceof T7Object)
      return expressions.add(`linear ${weightsOf(module)}`, args);
    const operation = Object.hasOwn(operations, name) ? operations[name]!(module) : undefined;
    return operation === undefined
      ? fail(`its recurrent graph holds ${name}, which no encoder of the authors has`)
      : expressions.add(operation, args);
  }
}

function dataOf(node: T7Value): T7Table | null {
  const data = node instanceof T7Object ? node.get('data') : null;
  return data instanceof T7Table ? data : null;
}

/** The nodes that a node depends on, in the order of its arguments. */
function sourcesOf(data: T7Table): T7Value[] {
  const mapindex = data.get('mapindex');
  return mapindex instanceof T7Table ? mapindex.list() : [];
}
