/** What a Torch7 graph may ask for: its values are made here, not read from a file. */
import type { T7File } from '../../../ts/formats/t7/file';
import { T7Object, T7Table, T7Tensor, type T7Value } from '../../../ts/formats/t7/values';
import { encoderArchitectures } from '../../../ts/models/encoder-import/architectures';
import { readGraph } from '../../../ts/models/encoder-import/graph-expression';
import { readRecurrence } from '../../../ts/models/encoder-import/torch7-recurrence';

describe('graphs that ask for work without end', () => {
  const fail = (what: string) => {
    throw new Error(what);
  };
  const table = (entries: Record<string, T7Value> | readonly T7Value[]) => {
    const made = new T7Table();
    const pairs = Array.isArray(entries)
      ? entries.map((value, i) => [i + 1, value])
      : Object.entries(entries);
    for (const [key, value] of pairs) made.entries.set(key, value);
    return made;
  };
  const object = (className: string, fields: Record<string, T7Value> = {}) => {
    const made = new T7Object(className, 1);
    made.fields = table(fields);
    return made;
  };
  const sequential = (...modules: T7Value[]) => object('nn.Sequential', { modules: table(modules) });
  const linear = object('nn.Linear');

  /** A graph of two nodes: a tanh of the input, and `module`, which takes that `count` times. */
  function graphOf(module: T7Object, count = 1) {
    const node = (content: Record<string, T7Value>) => object('nngraph.Node', { data: table(content) });
    const innode = node({});
    const first = node({ module: object('nn.Tanh'), mapindex: table([innode.get('data')]) });
    const last = node({ module, mapindex: table(Array(count).fill(first.get('data'))) });
    return object('nn.gModule', { innode, outnode: last, forwardnodes: table([innode, first, last]) });
  }
  const read = (graph: T7Object) => readGraph(graph, { weightsOf: () => 'w', fail });

  test('what the authors have is read: a Sequential of one Linear, a sum of two', () => {
    const { expressions, output } = read(graphOf(sequential(linear)));
    const first = expressions.find('tanh', expressions.find('inputs'));
    expect(output).toBe(expressions.find('linear w', first));
    expect(() => read(graphOf(object('nn.CAddTable'), 2))).not.toThrow();
  });

  test.each([
    ['a chain of Sequentials of ten each', 10, (inner: T7Object) => sequential(...Array(10).fill(inner))],
    ['an empty one', 0, () => sequential()],
  ])('%s', (_, count, around) => {
    const chain = [1, 2, 3].reduce((inner) => around(inner), around(object('nn.Tanh')));
    expect(() => read(graphOf(chain))).toThrow(
      `its recurrent graph holds a Sequential of ${count} modules, where those of the authors have one`,
    );
  });

  test('a Sequential that holds itself', () => {
    const modules = table([]);
    const itself = object('nn.Sequential', { modules });
    modules.entries.set(1, itself);
    expect(() => read(graphOf(itself))).toThrow('holds Sequential, which no encoder of the authors has');
  });

  test('a node of many values', () => {
    expect(() => read(graphOf(object('nn.CAddTable'), 3))).toThrow(
      "takes 3 values, where the authors' take 2 at most",
    );
  });

  test('more linear layers than steps have are refused before their weights are read', async () => {
    const tensor = (...sizes: number[]) => new T7Tensor('torch.FloatTensor', 'F32', sizes, sizes, 0);
    const module = object('nn.Linear', { weight: tensor(4, 4), bias: tensor(4) });
    const graph = object('nn.gModule', { modules: table(Array(17).fill(sequential(module))) });
    const [architecture] = encoderArchitectures;
    const place = { module: graph, from: 'modules[4]' };
    await expect(readRecurrence({} as T7File, place, architecture!, fail)).rejects.toThrow(
      'modules[4] has 17 linear layers, where the 8 steps of char-cnn-rnn have 16 at most',
    );
  });
});
