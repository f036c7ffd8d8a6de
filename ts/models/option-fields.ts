import { z } from 'zod';
import { trainingSchema } from './option-schema';

/** One option as a user meets it on the command line, in `--help` and in a JSON file. */
export interface OptionField {
  /** Dotted name, as in `interpolation.weight`. */
  name: string;
  /** Long flag, as in `--interpolation-weight`. */
  flag: string;
  /** Short names in the literature's spelling, as in `--ngf`, without the dashes. */
  aliases: readonly string[];
  kind: 'integer' | 'number' | 'boolean' | 'choice' | 'text' | 'list' | 'object';
  /** The values of a choice. */
  choices?: readonly string[];
  /** One sentence. */
  doc: string;
}

/** Names that the papers and the authors' scripts use. */
const aliases: Record<string, string[]> = {
  generatorFeatures: ['ngf'],
  discriminatorFeatures: ['ndf'],
  noiseSize: ['nz'],
  projectedTextSize: ['nt'],
  'adam.learningRate': ['lr'],
  'adam.beta1': ['beta1'],
  'adam.beta2': ['beta2'],
  'data.pairing': ['pairing'],
  'data.sampling': ['sampling'],
  'data.captionsPerImage': ['captions'],
  'interpolation.weight': ['interp-weight'],
  'modeSeeking.weight': ['ms-weight'],
  emaDecay: ['ema'],
  'textEncoder.file': ['encoder'],
};

const kebab = (name: string) =>
  name.replaceAll('.', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function kindOf(type: z.ZodType): Pick<OptionField, 'kind' | 'choices'> {
  if (type instanceof z.ZodEnum) return { kind: 'choice', choices: type.options as string[] };
  if (type instanceof z.ZodBoolean) return { kind: 'boolean' };
  if (type instanceof z.ZodArray) return { kind: 'list' };
  if (type instanceof z.ZodRecord) return { kind: 'object' };
  if (type instanceof z.ZodNumber) return { kind: type.format === 'safeint' ? 'integer' : 'number' };
  return { kind: 'text' };
}

/** The options of a schema, in its order. */
export function fieldsOf(shape: z.ZodRawShape, prefix = ''): OptionField[] {
  return Object.entries(shape).flatMap(([key, outer]) => {
    const type = outer instanceof z.ZodOptional ? (outer.unwrap() as z.ZodType) : (outer as z.ZodType);
    const name = prefix + key;
    if (type instanceof z.ZodObject) return fieldsOf(type.shape, `${name}.`);
    const doc = (outer as z.ZodType).description ?? type.description ?? '';
    return [{ name, flag: `--${kebab(name)}`, aliases: aliases[name] ?? [], doc, ...kindOf(type) }];
  });
}

let cache: readonly OptionField[] | undefined;

/** Every option of a training run, in the order of the schema. */
export function optionFields(): readonly OptionField[] {
  cache ??= fieldsOf(trainingSchema.shape);
  return cache;
}

/** Dotted names of all options and groups. */
export function optionNames(fields = optionFields()): string[] {
  const names = fields.map((field) => field.name);
  return [
    ...new Set([...names, ...names.flatMap((name) => (name.includes('.') ? [name.split('.')[0]!] : []))]),
  ];
}
