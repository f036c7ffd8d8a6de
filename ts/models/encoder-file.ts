import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CheckpointError } from '../errors';
import { readSafetensorsHeader, type SafetensorsFile } from '../formats/safetensors';
import { refuser } from '../formats/safetensors-header';
import { type TensorSource, type WrittenSafetensors, writeSafetensors } from '../formats/safetensors-writer';
import { weightsIn } from './read-weights';
import type { EncoderWeights, TextEncoderRecord } from './text-encoder';

/** The format of a file that holds one trained text encoder. */
export const encoderFormat = 'florigen.encoder';
export const encoderFormatVersion = 1;
/** Prefix of the weights in the file. */
export const encoderFilePrefix = 'encoder.';

const recordSchema = z.looseObject({
  id: z.string(),
  fingerprint: z.string(),
  options: z.record(z.string(), z.unknown()),
});

const provenanceSchema = z.looseObject({
  /** Version of florigen that wrote the file. */
  florigen: z.string(),
  /** Ids of the classes trained on; empty where they are not known. Evaluation refuses where they meet the test classes. */
  trainedClasses: z.array(z.int()),
  /** Version of the catalogue of built-in species; null for other data. */
  catalogueVersion: z.number().nullable(),
});

/** Where an encoder comes from. */
export type EncoderProvenance = z.infer<typeof provenanceSchema>;

/** The opened header of an encoder's file, checked. */
export interface EncoderFile {
  file: SafetensorsFile;
  textEncoder: TextEncoderRecord;
  provenance: EncoderProvenance;
}

/** Writes an encoder's file; the names of `tensors` are its own, without prefix. */
export async function writeEncoderFile(
  path: string,
  content: {
    textEncoder: TextEncoderRecord;
    provenance: EncoderProvenance;
    tensors: readonly TensorSource[];
  },
): Promise<WrittenSafetensors> {
  const metadata = {
    format: encoderFormat,
    formatVersion: String(encoderFormatVersion),
    textEncoder: JSON.stringify(content.textEncoder),
    provenance: JSON.stringify(content.provenance),
  };
  const tensors = content.tensors.map((tensor) => ({ ...tensor, name: encoderFilePrefix + tensor.name }));
  return await writeSafetensors(path, { metadata, tensors });
}

/**
 * Opens an encoder's file and checks its header, not its data.
 * @throws CheckpointError for a foreign, short or newer file
 */
export async function openEncoderFile(path: string): Promise<EncoderFile> {
  const readOptions = { error: CheckpointError, kind: 'a florigen text encoder' };
  const file = await readSafetensorsHeader(path, readOptions);
  const fail = refuser(path, readOptions);
  const format = file.metadata.get('format');
  if (format !== encoderFormat)
    fail(format === undefined ? 'it is a foreign safetensors file' : `it is of the format ${format}`);
  const version = Number(file.metadata.get('formatVersion'));
  if (!Number.isInteger(version) || version < 1) fail('its metadata `formatVersion` is not a version');
  if (version > encoderFormatVersion)
    throw new CheckpointError(
      `\`${path}\` is a text encoder of version ${version}, but this florigen reads ${encoderFormatVersion}.`,
      { hint: 'Update florigen.' },
    );
  const read = <T>(name: string, schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(parseJson(file.metadata.get(name)));
    return parsed.success ? parsed.data : fail(`its metadata \`${name}\` is missing or wrong`);
  };
  return {
    file,
    textEncoder: read('textEncoder', recordSchema),
    provenance: read('provenance', provenanceSchema),
  };
}

/** The weights of an encoder's file. */
export function encoderFileWeights({ file }: EncoderFile): EncoderWeights {
  return weightsIn(file, encoderFilePrefix);
}

/** SHA-256 (hex) of everything that the embeddings of a trained encoder depend on. */
export function trainedFingerprint(
  id: string,
  options: Readonly<Record<string, unknown>>,
  tensors: readonly { name: string; shape: readonly number[]; bytes: Uint8Array }[],
): string {
  const hash = createHash('sha256').update(JSON.stringify([encoderFormat, id, options]));
  for (const { name, shape, bytes } of [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(JSON.stringify([name, shape])).update(bytes);
  return hash.digest('hex');
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
