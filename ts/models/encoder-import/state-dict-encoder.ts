import type { StateDict } from '../state-dict';
import { type EncoderArchitecture, encoderArchitectures } from './architectures';
import { expectedTensors, type FoundEncoder, type FoundTensor } from './found-encoder';
import { printable } from './modules';

const architectureOf = (id: EncoderArchitecture['id']) =>
  encoderArchitectures.find((architecture) => architecture.id === id)!;

/**
 * Recognizes the published PyTorch port of the authors' encoders (char_cnn_rnn_pytorch) by the names and shapes of
 * its tensors: `conv1.weight`, `rnn.i2h.weight`, `emb_proj.weight`, ..., and in its first version `conv1_weight`, ...
 * @param fail refuses the file, in one sentence
 */
export function findStateDictEncoder(
  { layout, tensors }: StateDict,
  fail: (what: string) => never,
): FoundEncoder {
  const nameOf = (part: string) =>
    [part, `module.${part}`, part.replaceAll('.', '_')].find((name) => tensors.has(name));
  const shapeOf = (part: string) => tensors.get(nameOf(part) ?? '')?.shape ?? [];
  const isGated = nameOf('rnn.i2h_update.weight') !== undefined;
  const architecture = architectureOf(isGated ? 'char-cnn-gru' : 'char-cnn-rnn');
  const [embeddingSize = 0, recurrenceSize = 0] = shapeOf('emb_proj.weight');
  const [, vocabularySize = 0] = shapeOf('conv1.weight');
  const sizes = { vocabularySize, recurrenceSize, embeddingSize };
  const used = new Set<string>();
  const found = expectedTensors(architecture, sizes).map(({ part, shape }): FoundTensor => {
    const name = nameOf(part) ?? fail(absent(part, [...tensors.keys()], architecture));
    const tensor = tensors.get(name)!;
    if (String(tensor.shape) !== String(shape))
      fail(
        `its \`${name}\` has the shape [${tensor.shape.join(', ')}], where ${architecture.id} has [${shape.join(', ')}]`,
      );
    used.add(name);
    return { part, shape, type: tensor.type, from: name, read: tensor.read };
  });
  const ignored = [...tensors.keys()].filter((name) => !used.has(name)).map(printable);
  return { architecture, layout, sizes, tensors: found, dropout: 0, training: {}, ignored };
}

function absent(part: string, names: readonly string[], { id }: EncoderArchitecture): string {
  const shown = names.slice(0, 4).map(printable).join(', ') + (names.length > 4 ? ', ...' : '');
  return `its tensors are not those of ${id}: \`${part}\` is missing among ${names.length} (${shown})`;
}
