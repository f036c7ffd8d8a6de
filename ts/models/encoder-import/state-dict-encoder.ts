import { readTorchTensor, type TorchFile } from '../../formats/torch-save/file';
import { stateDictOf, type TorchTensor } from '../../formats/torch-save/values';
import { type EncoderArchitecture, encoderArchitectures } from './architectures';
import { expectedTensors, type FoundEncoder, type FoundTensor } from './found-encoder';

const architectureOf = (id: EncoderArchitecture['id']) =>
  encoderArchitectures.find((architecture) => architecture.id === id)!;

/**
 * Recognizes the published PyTorch port of the authors' encoders (char_cnn_rnn_pytorch) by the names and shapes of
 * its tensors: `conv1.weight`, `rnn.i2h.weight`, `emb_proj.weight`, ..., and in its first version `conv1_weight`, ...
 * @param fail refuses the file, in one sentence
 */
export function findStateDictEncoder(file: TorchFile, fail: (what: string) => never): FoundEncoder {
  const tensors = stateDictOf(file.root) ?? fail('it holds no dict of tensors');
  const nameOf = (part: string) =>
    [part, `module.${part}`, part.replaceAll('.', '_')].find((name) => tensors.has(name));
  const sizesOf = (part: string) => tensors.get(nameOf(part) ?? '')?.sizes ?? [];
  const architecture = architectureOf(
    nameOf('rnn.i2h_update.weight') === undefined ? 'char-cnn-rnn' : 'char-cnn-gru',
  );
  const [embeddingSize = 0, recurrenceSize = 0] = sizesOf('emb_proj.weight');
  const [, vocabularySize = 0] = sizesOf('conv1.weight');
  const sizes = { vocabularySize, recurrenceSize, embeddingSize };
  const used = new Set<string>();
  const found = expectedTensors(architecture, sizes).map(({ part, shape }): FoundTensor => {
    const name = nameOf(part) ?? fail(absent(part, [...tensors.keys()], architecture));
    const tensor = tensors.get(name)!;
    if (String(tensor.sizes) !== String(shape))
      fail(
        `its \`${name}\` has the shape [${tensor.sizes.join(', ')}], where ${architecture.id} has [${shape.join(', ')}]`,
      );
    used.add(name);
    return foundTensor(file, part, name, tensor);
  });
  const ignored = [...tensors.keys()].filter((name) => !used.has(name));
  return {
    architecture,
    layout: `a PyTorch state dict (${file.layout === 'zip' ? 'torch.save' : 'torch.save before PyTorch 1.6'})`,
    sizes,
    tensors: found,
    dropout: 0,
    training: {},
    ignored,
  };
}

function foundTensor(file: TorchFile, part: string, name: string, tensor: TorchTensor): FoundTensor {
  const { type } = tensor.storage;
  return { part, shape: [...tensor.sizes], type, from: name, read: () => readTorchTensor(file, tensor) };
}

function absent(part: string, names: readonly string[], { id }: EncoderArchitecture): string {
  const shown = names.slice(0, 4).join(', ') + (names.length > 4 ? ', ...' : '');
  return `its tensors are not those of ${id}: \`${part}\` is missing among ${names.length} (${shown})`;
}
