import type { z } from 'zod';
import { mustBe, UsageError } from '../errors';
import { type OptionField, optionNames } from './option-fields';
import type { TrainingOptions } from './option-schema';
import { didYouMean } from './suggestion';
import { textArchitectures } from './text-architectures';

/** The value at a path of a tree; `undefined` where the path ends before. */
function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    tree,
  );
}

/** A refusal of the schema as our sentence. */
export function sentenceOf(
  issue: z.core.$ZodIssue,
  input: unknown,
  about: { fields: readonly OptionField[]; command: string },
): UsageError {
  const name = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const unknown = name === '' ? issue.keys[0]! : `${name}.${issue.keys[0]}`;
    return new UsageError(`\`${unknown}\` is not an option.`, { hint: suggestionFor(unknown, about) });
  }
  const value = valueAt(input, issue.path);
  return new UsageError(
    mustBe(name, issue.message, typeof value === 'object' ? JSON.stringify(value) : value),
  );
}

/** The nearest option by its whole name, or by its short name on the command line. */
function suggestionFor(
  name: string,
  { fields, command }: { fields: readonly OptionField[]; command: string },
): string {
  const alias = fields.find((field) => field.aliases.includes(name));
  if (alias !== undefined) return `Did you mean \`${alias.name}\`?`;
  return didYouMean(name, optionNames(fields)).replace(
    /^Known are: .*$/,
    `See \`florigen ${command} --help\` for every option.`,
  );
}

/** Rules over several options. @throws UsageError */
export function checkTogether(options: TrainingOptions): void {
  checkRun(options);
  checkFineTuning(options);
  checkGroups(options);
  checkGuide(options);
  const { data } = options;
  if (data.mismatches > 1 && data.pairing === 'authors')
    throw new UsageError(mustBe('data.mismatches', '1 with the pairing authors', data.mismatches), {
      hint: 'Set `data.mismatches` to 1 as well: several mismatching texts an image go with `data.pairing: paper`.',
    });
}

/** What can learn is a network, and it learns from pairs that do not match. @throws UsageError */
function checkFineTuning({ fineTune, textEncoder, clsWeight }: TrainingOptions): void {
  if (fineTune === undefined) return;
  if (textEncoder.file === undefined && !Object.hasOwn(textArchitectures, textEncoder.id))
    throw new UsageError(
      mustBe(
        'fineTune.learningRate',
        `left out with the text encoder ${textEncoder.id}, which has no network to train`,
        fineTune.learningRate,
      ),
      {
        hint: 'Give the file of a trained encoder: `--encoder FILE`, of `florigen encoder train` or `florigen encoder import`.',
      },
    );
  if (clsWeight === 0)
    throw new UsageError(mustBe('clsWeight', 'above 0 with `fineTune`', clsWeight), {
      hint: 'The encoder learns from mismatching pairs: without them every text would move to where the discriminator says yes.',
    });
}

/** @throws UsageError */
function checkGroups({ batchSize, fineTune, data: { groupSize, sampling } }: TrainingOptions): void {
  if (groupSize === 1) return;
  if (sampling !== 'balanced')
    throw new UsageError(mustBe('data.groupSize', `1 with the sampling ${sampling}`, groupSize), {
      hint: 'Set `data.sampling` to balanced: groups choose their images, and shuffle shows each one once.',
    });
  if (fineTune !== undefined)
    throw new UsageError(mustBe('data.groupSize', '1 with `fineTune`', groupSize), {
      hint: 'Groups are of captions whose embeddings are near each other, and these change while an encoder learns.',
    });
  if (batchSize % groupSize !== 0)
    throw new UsageError(mustBe('data.groupSize', `a divisor of \`batchSize\`, ${batchSize}`, groupSize));
}

/** @throws UsageError */
function checkGuide({ guide }: TrainingOptions): void {
  if (guide.weight > 0 && guide.network === undefined && guide.architecture === undefined)
    throw new UsageError(
      mustBe('guide.network', 'the file of a feature network with a `guide.weight`', guide.network),
      {
        hint: 'Train one: `florigen features train`, or give weights of a GoogLeNet of torchvision.',
      },
    );
}

/** Rules that every kind of run has. @throws UsageError */
export function checkRun(options: {
  epochs?: number | undefined;
  steps?: number | undefined;
  precision: string;
  device: string;
}): void {
  const { epochs, steps, precision, device } = options;
  if (epochs !== undefined && steps !== undefined)
    throw new UsageError(`\`epochs\` must be left out where \`steps\` is given, but is ${epochs} instead`, {
      hint: 'Give the length of the run in epochs or in steps.',
    });
  if (epochs === undefined && steps === undefined)
    throw new UsageError(
      '`steps` must be a positive integer where `epochs` is not given, but is undefined instead',
    );
  if (precision === 'tf32' && device === 'cpu')
    throw new UsageError(mustBe('precision', 'ieee or bf16 on a CPU', precision));
}
