import { decodeFloats } from '../formats/float-decoding';
import { readTensor, requireTensor, type SafetensorsFile } from '../formats/safetensors';
import { refuser } from '../formats/safetensors-header';
import type { EncoderWeights } from './text-encoder';

/** The weights of a file whose names begin with `prefix`, as float32 whatever floating type they have there. */
export function weightsIn(file: SafetensorsFile, prefix: string): EncoderWeights {
  const names = [...file.tensors.keys()].filter((name) => name.startsWith(prefix));
  return {
    names: names.map((name) => name.slice(prefix.length)),
    shape: (name) => requireTensor(file, prefix + name).shape,
    read: async (name) => {
      const { dtype } = requireTensor(file, prefix + name);
      const bytes = await readTensor(file, prefix + name);
      if (dtype === 'F32') return bytes;
      if (dtype !== 'F16' && dtype !== 'BF16' && dtype !== 'F64')
        return refuser(file.path, file.readOptions)(`its tensor ${prefix + name} is of type ${dtype}`);
      const floats = decodeFloats(bytes as Uint8Array<ArrayBuffer>, dtype);
      return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    },
  };
}
