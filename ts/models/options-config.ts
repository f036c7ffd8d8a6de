import fs from 'node:fs';
import type { z } from 'zod';
import { mustBe, UsageError } from '../errors';
import { writeFileAtomic } from '../formats/atomic-file';
import { ioError } from '../formats/io-error';
import { type OptionDifference, optionDifferences } from './option-differences';
import type { OptionField } from './option-fields';
import { sentenceOf } from './option-rules';
import type { PartialOptions } from './schema-parts';

/** The way of the options of one kind of run: from a user's object, a preset or a file to complete, frozen ones. */
export interface OptionsConfig<Options> {
  /** A preset's options, with `overrides` laid over them. @throws UsageError */
  preset(name: string, overrides?: PartialOptions<Options>): Options;
  /**
   * Options as a user wrote them, completed by the preset that they name (the default one when they name none),
   * checked and frozen. `steps` takes the place of the preset's `epochs` and the reverse.
   * @throws UsageError naming the first wrong option, with the nearest known name for an unknown one
   */
  parse(input?: PartialOptions<Options> | unknown): Options;
  /** Options from a JSON file. @throws UsageError for what is no JSON or a wrong option; `IO` where it cannot be read */
  load(file: string): Promise<Options>;
  /** What a JSON file of options says, not yet completed: a program may lay flags over it. @throws UsageError, `IO` */
  readJson(file: string): Promise<PartialOptions<Options>>;
  /** Writes complete options as JSON, atomically. @throws UsageError, `IO` */
  save(file: string, options: Options): Promise<void>;
  /** What differs between two complete sets of options, by dotted name. */
  diff(before: Options, after: Options): OptionDifference[];
}

/** What {@link optionsConfig} needs of a kind of options. */
export interface OptionsKind<Options> {
  schema: z.ZodType<Options>;
  defaultPreset: string;
  findPreset(name: string): { options: object };
  /** Changes the options of the preset, `base`, where what the user wrote gives others of them another meaning. */
  adapt?(base: OptionTree, input: OptionTree): void;
  checkTogether(options: Options): void;
  fields(): readonly OptionField[];
  /** The command whose help lists them. */
  command: string;
}

/** Options by name; groups of them are trees. */
export type OptionTree = Record<string, unknown>;
export const isTree = (value: unknown): value is OptionTree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `over` laid over `base`, group by group; `undefined` says nothing. Lists and encoder options replace. */
export function mergeTrees(base: OptionTree, over: OptionTree): OptionTree {
  const result: OptionTree = { ...base };
  for (const [name, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const old = Object.hasOwn(base, name) ? base[name] : undefined;
    result[name] = isTree(old) && isTree(value) ? mergeTrees(old, value) : value;
  }
  return result;
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** Makes the way of one kind of options. */
export function optionsConfig<Options>(kind: OptionsKind<Options>): Readonly<OptionsConfig<Options>> {
  const parse = (input: unknown = {}): Options => {
    if (!isTree(input))
      throw new UsageError(mustBe('options', 'an object of options', JSON.stringify(input)));
    const name = input.preset ?? kind.defaultPreset;
    if (typeof name !== 'string') throw new UsageError(mustBe('preset', 'the name of a preset', name));
    const base: OptionTree = structuredClone({ preset: name, ...kind.findPreset(name).options });
    if (input.steps !== undefined || input.epochs !== undefined) {
      delete base.steps;
      delete base.epochs;
    }
    kind.adapt?.(base, input);
    const whole = mergeTrees(base, input);
    const result = kind.schema.safeParse(whole);
    if (!result.success)
      throw sentenceOf(result.error.issues[0]!, whole, { fields: kind.fields(), command: kind.command });
    kind.checkTogether(result.data);
    return frozen(result.data);
  };
  return Object.freeze({
    preset: (name: string, overrides: object = {}) => parse({ ...overrides, preset: name }),
    parse,
    load: async (file: string) => parse(await readJson(file)),
    readJson: async (file: string) => (await readJson(file)) as PartialOptions<Options>,
    save: async (file: string, options: Options) =>
      await writeFileAtomic(file, `${JSON.stringify(parse(options), null, 2)}\n`),
    diff: (before: Options, after: Options) => optionDifferences(before, after),
  });
}

async function readJson(file: string): Promise<unknown> {
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
