import fs from 'node:fs';
import { mustBe, UsageError } from '../errors';
import { writeFileAtomic } from '../formats/atomic-file';
import { ioError } from '../formats/io-error';
import { type OptionDifference, optionDifferences } from './option-differences';
import { checkTogether, sentenceOf } from './option-rules';
import { type TrainingInput, type TrainingOptions, trainingSchema } from './option-schema';
import { defaultPreset, findPreset } from './presets';

export type { OptionDifference } from './option-differences';
export type { TrainingInput, TrainingOptions } from './option-schema';

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `over` laid over `base`, group by group; `undefined` says nothing. Lists and encoder options replace. */
function merged(base: Tree, over: Tree): Tree {
  const result: Tree = { ...base };
  for (const [name, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const old = Object.hasOwn(base, name) ? base[name] : undefined;
    result[name] = isTree(old) && isTree(value) ? merged(old, value) : value;
  }
  return result;
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/**
 * Options as a user wrote them, completed by the preset that they name (`small` when they name none), checked and
 * frozen. `steps` takes the place of the preset's `epochs` and the reverse.
 * @throws UsageError naming the first wrong option, with the nearest known name for an unknown one
 */
function parse(input: TrainingInput | unknown = {}): TrainingOptions {
  if (!isTree(input)) throw new UsageError(mustBe('options', 'an object of options', JSON.stringify(input)));
  const name = input.preset ?? defaultPreset;
  if (typeof name !== 'string') throw new UsageError(mustBe('preset', 'the name of a preset', name));
  const base: Tree = structuredClone({ preset: name, ...findPreset(name).options });
  if (input.steps !== undefined || input.epochs !== undefined) {
    delete base.steps;
    delete base.epochs;
  }
  const whole = merged(base, input);
  const result = trainingSchema.safeParse(whole);
  if (!result.success) throw sentenceOf(result.error.issues[0]!, whole);
  checkTogether(result.data);
  return frozen(result.data);
}

/** A preset's options, with `overrides` laid over them. @throws UsageError */
function preset(name: string, overrides: TrainingInput = {}): TrainingOptions {
  return parse({ ...overrides, preset: name });
}

/** Options from a JSON file. @throws UsageError for what is no JSON or a wrong option; `IO` where it cannot be read */
async function load(file: string): Promise<TrainingOptions> {
  return parse(await readJson(file));
}

/** What a JSON file of options says, not yet completed: a program may lay flags over it. @throws UsageError, `IO` */
async function readJson(file: string): Promise<TrainingInput> {
  let text: string;
  try {
    text = await fs.promises.readFile(file, 'utf8');
  } catch (error) {
    throw ioError(file, 'could not be read', error);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`\`${file}\` must be a JSON file of options, but is not JSON.`, {
      hint: (error as Error).message,
      cause: error,
    });
  }
}

/** Writes complete options as JSON, atomically. @throws UsageError, `IO` */
async function save(file: string, options: TrainingOptions): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(parse(options), null, 2)}\n`);
}

/** What differs between two complete sets of options, by dotted name. */
function diff(before: TrainingOptions, after: TrainingOptions): OptionDifference[] {
  return optionDifferences(before, after);
}

/** The way of an option: a user's object, a preset or a JSON file in, complete frozen {@link TrainingOptions} out. */
export const TrainingConfig = Object.freeze({ preset, parse, load, readJson, save, diff });
