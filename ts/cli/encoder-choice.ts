import fs from 'node:fs';
import type { Dataset } from '../data/dataset';
import { UsageError } from '../errors';
import { embeddingsPath } from '../models/embeddings';
import { createTextEncoder } from '../models/text-encoders';
import type { OptionTree } from './option-flags';

/**
 * What turns the sentences of a stranger's pack into numbers is said, never guessed: by an encoder, by a preset, or by
 * embeddings that `taken`, the encoder of the default preset, made before.
 * @throws UsageError naming the choices
 */
export async function refuseUnchosenEncoder(
  dataset: Dataset,
  given: { overrides: OptionTree; config?: string | undefined },
  taken: { id: string; options: Record<string, unknown> },
): Promise<void> {
  if (given.config !== undefined || given.overrides.textEncoder !== undefined) return;
  if (given.overrides.preset !== undefined) return;
  const encoder = await createTextEncoder(taken.id, taken.options);
  if (fs.existsSync(embeddingsPath(dataset.path, encoder))) return;
  throw new UsageError(
    `\`--encoder\` must say what turns sentences into numbers, for ${dataset.path} has no embeddings of ${taken.id} yet`,
    {
      hint: 'Train a text encoder with `florigen encoder train` and give its file, or take word n-grams, which need no training: `--text-encoder-id hashed-ngrams`.',
    },
  );
}
