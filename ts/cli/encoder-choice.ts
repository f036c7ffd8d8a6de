import fs from 'node:fs';
import type { Dataset } from '../data/dataset';
import { mustBe, UsageError } from '../errors';
import { TrainingConfig, type TrainingOptions } from '../models/config';
import { embeddingsPath } from '../models/embeddings';
import type { OptionTree } from '../models/options-config';
import { createTextEncoder } from '../models/text-encoders';
import { optionAt } from './option-flags';

/** What a user wrote of a run: flags, and a file of options. */
interface Given {
  overrides: OptionTree;
  config?: string | undefined;
}

/**
 * What turns the sentences of a stranger's pack into numbers is said, never guessed: by an encoder's file or id, on the
 * command line or in the file of options, or by embeddings that `taken`, the encoder of the preset, made before.
 * @throws UsageError naming the choices
 */
export async function refuseUnchosenEncoder(
  dataset: Dataset,
  given: Given,
  { preset, textEncoder: taken }: TrainingOptions,
): Promise<void> {
  if (namesEncoder(given.overrides) || (await configNamesEncoder(given))) return;
  const encoder = await createTextEncoder(taken.id, taken.options);
  if (fs.existsSync(embeddingsPath(dataset.path, encoder))) return;
  throw new UsageError(
    `\`--encoder\` must say what turns sentences into numbers, for ${dataset.path} has no embeddings yet of ${taken.id}, which preset ${preset} takes`,
    {
      hint: 'Train a text encoder with `florigen encoder train` and give its file, or take word n-grams, which need no training: `--text-encoder-id hashed-ngrams`.',
    },
  );
}

/** Options of an encoder say of which, so alone they choose none. */
function namesEncoder(options: OptionTree): boolean {
  return ['id', 'file'].some((name) => optionAt(options, `textEncoder.${name}`) !== undefined);
}

async function configNamesEncoder({ config }: Given): Promise<boolean> {
  return config !== undefined && namesEncoder((await TrainingConfig.readJson(config)) as OptionTree);
}

/** A file says which encoder it holds, and how it was made: nothing would read what flags say besides. @throws UsageError */
export function refuseBesideEncoder({ overrides }: Given, { textEncoder: { file } }: TrainingOptions): void {
  if (file === undefined) return;
  for (const name of ['id', 'options']) {
    const value = optionAt(overrides, `textEncoder.${name}`);
    if (value === undefined) continue;
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    throw new UsageError(
      mustBe(`--text-encoder-${name}`, `left out with the encoder of ${file}, which says it`, shown),
      {
        hint: 'To take another encoder, leave out `--encoder`, or `textEncoder.file` in the file of options.',
      },
    );
  }
}
