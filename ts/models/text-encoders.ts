import { CheckpointError, mustBe, UsageError } from '../errors';
import { verifyContent } from '../formats/safetensors';
import type { FlorigenAddon } from '../native/addon';
import { encoderFileWeights, openEncoderFile } from './encoder-file';
import { HashedNgramEncoder, hashedNgramDefaults } from './hashed-ngrams';
import { didYouMean } from './suggestion';
import { type TextArchitectureId, textArchitectures } from './text-architectures';
import type { EncoderWeights, TextEncoder, TextEncoderRecord } from './text-encoder';
import { TrainedTextEncoder } from './trained-encoder';

/** One kind of text encoder. */
export interface TextEncoderKind {
  /** One sentence for people. */
  doc: string;
  /** Names of the options that a user may set, with their defaults. */
  defaults: Readonly<Record<string, unknown>>;
  /** Makes the encoder; `weights` are those of the bundle it is loaded from, where it has any. */
  create(
    options: Record<string, unknown>,
    weights?: EncoderWeights,
    addon?: FlorigenAddon,
  ): Promise<TextEncoder>;
}

/** Every text encoder. A new one is a file and a row here; trainer and generator stay as they are. */
export const textEncoders: Readonly<Record<string, TextEncoderKind>> = {
  'hashed-ngrams': {
    doc: 'Signed hashed word n-grams, 1 to 3 words, 1,024-d, not trained.',
    defaults: hashedNgramDefaults,
    create: async (options) => new HashedNgramEncoder(options),
  },
  ...Object.fromEntries(
    (Object.keys(textArchitectures) as TextArchitectureId[]).map((id) => [id, trainedKind(id)]),
  ),
};

function trainedKind(id: TextArchitectureId): TextEncoderKind {
  const { doc, defaults } = textArchitectures[id];
  return {
    doc,
    defaults,
    create: async (options, weights, addon) => {
      if (weights === undefined || weights.names.length === 0)
        throw new UsageError(mustBe('textEncoder.file', `the file of a trained ${id}`, undefined), {
          hint: 'Train one with `florigen encoder train`, or read one with `florigen encoder import`.',
        });
      return await TrainedTextEncoder.create(id, { ...options }, weights, addon);
    },
  };
}

/** The encoder in a file of `encoder train` or `encoder import`. @throws CheckpointError */
export async function loadTextEncoder(file: string, addon?: FlorigenAddon): Promise<TextEncoder> {
  const opened = await openEncoderFile(file);
  await verifyContent(opened.file);
  const record = { ...opened.textEncoder, provenance: opened.provenance };
  return await restoreTextEncoder(record, file, encoderFileWeights(opened), addon);
}

/** Makes an encoder from its id and options. @throws UsageError for an unknown id or option */
export async function createTextEncoder(
  id: string,
  options: Record<string, unknown> = {},
  weights?: EncoderWeights,
  addon?: FlorigenAddon,
): Promise<TextEncoder> {
  const kind = Object.hasOwn(textEncoders, id) ? textEncoders[id] : undefined;
  if (kind === undefined) {
    const ids = Object.keys(textEncoders);
    throw new UsageError(mustBe('textEncoder.id', `one of ${ids.join(', ')}`, id), {
      hint: didYouMean(id, ids),
    });
  }
  for (const name of Object.keys(options))
    if (!Object.hasOwn(kind.defaults, name))
      throw new UsageError(`\`textEncoder.options.${name}\` is not an option of ${id}.`, {
        hint: didYouMean(name, Object.keys(kind.defaults)),
      });
  return kind.create(options, weights, addon);
}

/**
 * The encoder that a checkpoint or bundle was made with.
 * @throws CheckpointError when this florigen would encode in another way than the one that wrote the file
 */
export async function restoreTextEncoder(
  record: TextEncoderRecord,
  file: string,
  weights?: EncoderWeights,
  addon?: FlorigenAddon,
): Promise<TextEncoder> {
  let encoder: TextEncoder;
  try {
    const { provenance } = record;
    const known = weights && { ...weights, provenance, file };
    encoder = await createTextEncoder(record.id, record.options, known, addon);
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError(`\`${file}\` needs the text encoder ${record.id}, which cannot be made here.`, {
      hint: 'It may have been written by another version of florigen.',
      cause: error,
    });
  }
  if (encoder.fingerprint !== record.fingerprint)
    throw new CheckpointError(
      `The text encoder of \`${file}\` must have the fingerprint ${record.fingerprint}, but it is ${encoder.fingerprint} here.`,
      { hint: 'It was written by a version of florigen that encodes text in another way.' },
    );
  return encoder;
}
