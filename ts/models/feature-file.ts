import { z } from 'zod';
import { CheckpointError } from '../errors';
import { readSafetensorsHeader, type SafetensorsFile } from '../formats/safetensors';
import { refuser } from '../formats/safetensors-header';
import { type TensorSource, type WrittenSafetensors, writeSafetensors } from '../formats/safetensors-writer';
import type { EncoderProvenance } from './encoder-file';

/** The format of a file that holds one feature network. */
export const featureNetworkFormat = 'florigen.features-network';
const formatVersion = 1;

const networkSchema = z.looseObject({
  architecture: z.enum(['googlenet', 'googlenet-small']),
  inputSize: z.int().positive(),
  /** The linear heads on the features, in their order. */
  heads: z.array(z.looseObject({ name: z.string(), classes: z.int().positive() })),
});

const provenanceSchema = z.looseObject({
  florigen: z.string(),
  trainedClasses: z.array(z.int()),
  catalogueVersion: z.number().nullable(),
});

/** What a feature network is. */
export type FeatureNetworkDescription = z.infer<typeof networkSchema>;

/** The opened header of a feature network's file, checked. */
export interface FeatureNetworkFile {
  file: SafetensorsFile;
  network: FeatureNetworkDescription;
  provenance: EncoderProvenance;
}

/** Writes a feature network's file; tensors by torchvision's names. */
export async function writeFeatureNetworkFile(
  path: string,
  content: {
    network: FeatureNetworkDescription;
    provenance: EncoderProvenance;
    tensors: readonly TensorSource[];
  },
): Promise<WrittenSafetensors> {
  const metadata = {
    format: featureNetworkFormat,
    formatVersion: String(formatVersion),
    network: JSON.stringify(content.network),
    provenance: JSON.stringify(content.provenance),
  };
  return await writeSafetensors(path, { metadata, tensors: content.tensors });
}

/** Opens a feature network's file and checks its header. @throws CheckpointError for a foreign, short or newer file */
export async function openFeatureNetworkFile(path: string): Promise<FeatureNetworkFile> {
  const options = { error: CheckpointError, kind: 'a florigen feature network' };
  const file = await readSafetensorsHeader(path, options);
  const fail = refuser(path, options);
  if (file.metadata.get('format') !== featureNetworkFormat) fail('its metadata `format` says otherwise');
  if (Number(file.metadata.get('formatVersion')) !== formatVersion)
    fail(`this florigen reads version ${formatVersion}`);
  const read = <T>(name: string, schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(parseJson(file.metadata.get(name)));
    return parsed.success ? parsed.data : fail(`its metadata \`${name}\` is missing or wrong`);
  };
  return {
    file,
    network: read('network', networkSchema),
    provenance: read('provenance', provenanceSchema),
  };
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
