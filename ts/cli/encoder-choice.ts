import fs from 'node:fs';
import path from 'node:path';
import type { Dataset } from '../data/dataset';
import { UsageError } from '../errors';
import type { OptionTree } from './option-flags';

/**
 * What turns the sentences of a strangers' pack into numbers is said, never guessed: by an encoder, by a preset, or by
 * embeddings that were made before.
 * @throws UsageError naming the choices
 */
export async function refuseUnchosenEncoder(
  dataset: Dataset,
  given: { overrides: OptionTree; config?: string | undefined },
): Promise<void> {
  if (given.config !== undefined || given.overrides.textEncoder !== undefined) return;
  if (given.overrides.preset !== undefined || (await hasEmbeddings(dataset.path))) return;
  throw new UsageError(
    `\`--encoder\` must say what turns sentences into numbers, for ${dataset.path} has no embeddings yet`,
    {
      hint: 'Train a text encoder with `florigen encoder train` and give its file, or take word n-grams, which need no training: `--text-encoder-id hashed-ngrams`.',
    },
  );
}

async function hasEmbeddings(pack: string): Promise<boolean> {
  const { dir, name, ext } = path.parse(path.resolve(pack));
  const stem = `${ext === '.safetensors' ? name : name + ext}.embeddings-`;
  return (await fs.promises.readdir(dir)).some((entry) => entry.startsWith(stem));
}
