import { fileSha256 } from '../../formats/open-file';
import { refuser } from '../../formats/safetensors-header';
import type { TensorSource } from '../../formats/safetensors-writer';
import { trainedFingerprint, writeEncoderFile } from '../encoder-file';
import { florigenVersion } from '../provenance';
import { encoderReadOptions, findEncoder } from './find-encoder';
import { encoderOptions, tensorName } from './florigen-layout';
import type { FoundEncoder } from './found-encoder';

/** What {@link importTextEncoder} found, and where it was written. */
export interface ImportedEncoder {
  /** The file that was read. */
  path: string;
  sha256: string;
  /** The kind of file and what part of it holds the encoder, for people. */
  layout: string;
  /** The encoder's kind, options and fingerprint, as florigen makes it. */
  id: string;
  options: Record<string, unknown>;
  fingerprint: string;
  parameters: number;
  tensors: {
    /** florigen's name. */
    name: string;
    shape: number[];
    /** Where in the file it stands, and the type of its numbers there. */
    from: string;
    type: string;
  }[];
  /** What the file says of its training. */
  training: Record<string, string | number | boolean>;
  /** What was not taken over, for people. */
  ignored: string[];
  /** The encoder's file; null where only a report was asked for. */
  out: string | null;
}

/**
 * Reads a text encoder from the authors' Torch7 file or the published PyTorch port's state dict, with every weight,
 * and writes it as an encoder of florigen. Without `out` it reads all of it and says what it found. With `lowerCase` it
 * reads characters as the PyTorch port does: capital letters folded, unknown characters as spaces.
 * @throws DataError, in one sentence, for a damaged file, another architecture, or classes that are not known; `IO`
 */
export async function importTextEncoder(
  path: string,
  { out, lowerCase = false }: { out?: string; lowerCase?: boolean } = {},
): Promise<ImportedEncoder> {
  const found = await findEncoder(path);
  const tensors = await readAll(path, found);
  const { id } = found.architecture;
  const options = encoderOptions(found, lowerCase);
  const fingerprint = trainedFingerprint(id, options, tensors);
  const report = {
    path,
    sha256: await fileSha256(path),
    layout: found.layout,
    id,
    options,
    fingerprint,
    parameters: tensors.reduce((sum, { bytes }) => sum + bytes.byteLength / 4, 0),
    tensors: found.tensors.map(({ part, shape, from, type }) => ({
      name: tensorName(part),
      shape,
      from,
      type,
    })),
    training: found.training,
    ignored: found.ignored,
    out: out ?? null,
  };
  if (out !== undefined) {
    const { sha256, layout, training } = report;
    const sources = tensors.map(
      ({ name, shape, bytes }): TensorSource => ({ name, shape, dtype: 'F32', data: bytes }),
    );
    await writeEncoderFile(out, {
      textEncoder: { id, fingerprint, options },
      provenance: {
        florigen: florigenVersion(),
        trainedClasses: [],
        catalogueVersion: null,
        // Texts are left out: among the authors' options are paths of their machines.
        imported: { sha256, layout, training: numbersOf(training), dropout: found.dropout },
      },
      tensors: sources,
    });
  }
  return report;
}

function numbersOf(values: ImportedEncoder['training']): Record<string, number> {
  const isNumber = (entry: [string, unknown]): entry is [string, number] => typeof entry[1] === 'number';
  return Object.fromEntries(Object.entries(values).filter(isNumber));
}

async function readAll(
  path: string,
  found: FoundEncoder,
): Promise<{ name: string; shape: number[]; bytes: Uint8Array }[]> {
  const fail = refuser(path, encoderReadOptions);
  const tensors = [];
  for (const { part, shape, from, read } of found.tensors) {
    const numbers = await read();
    if (!numbers.every(Number.isFinite)) fail(`${from} holds a number that is not finite`);
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    tensors.push({ name: tensorName(part), shape, bytes });
  }
  return tensors;
}
