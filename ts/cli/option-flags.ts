import { type Command, Option } from 'commander';
import { mustBe, UsageError } from '../errors';
import type { OptionField } from '../models/option-fields';
import type { OptionTree } from '../models/options-config';

/** The value at a dotted name of nested options. */
export function optionAt(tree: unknown, name: string): unknown {
  return name.split('.').reduce<unknown>((node, key) => (node as OptionTree | undefined)?.[key], tree);
}

function placeholder(field: OptionField): string {
  if (field.kind === 'choice') return '<name>';
  if (field.kind === 'list') return '<text...>';
  return `<${field.kind === 'object' ? 'json' : field.kind === 'text' ? 'text' : 'number'}>`;
}

function helpText(field: OptionField, preset: unknown): string {
  const isShown = preset !== undefined && typeof preset !== 'object';
  const details = [
    field.choices?.join(', ') ?? '',
    isShown ? `default: ${preset}` : '',
    field.aliases.length > 0 ? `short: ${field.aliases.map((alias) => `--${alias}`).join(', ')}` : '',
  ].filter((detail) => detail !== '');
  const doc = field.doc.replace(/\.$/, '');
  return details.length === 0 ? doc : `${doc} (${details.join('; ')})`;
}

/** What is no number goes on as text, so that the schema refuses it with a sentence that names the option. */
function parseValue(field: OptionField, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (field.kind === 'object') return parseJson(field, value);
  const numeric = field.kind === 'integer' || field.kind === 'number';
  return numeric && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
}

function parseJson(field: OptionField, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(mustBe(field.name, 'a JSON object', text), {
      hint: (error as Error).message,
      cause: error,
    });
  }
}

/**
 * The flags of a table of options: adds one for each field, with its short names, and reads what was given back into
 * a tree shaped as the options are.
 */
export class OptionFlags {
  private readonly flags: { attribute: string; field: OptionField }[] = [];

  /** @param defaults nested options whose values the help shows */
  constructor(
    private readonly command: Command,
    fields: readonly OptionField[],
    defaults: object,
  ) {
    for (const field of fields) this.addField(field, optionAt(defaults, field.name));
  }

  private addField(field: OptionField, preset: unknown): void {
    const text = helpText(field, preset);
    if (field.kind === 'boolean') {
      this.add(new Option(field.flag, text).hideHelp(preset === true), field);
      this.add(
        new Option(field.flag.replace('--', '--no-'), `Turns off: ${text}`).hideHelp(preset !== true),
        field,
      );
      return;
    }
    this.add(new Option(`${field.flag} ${placeholder(field)}`, text), field);
    for (const alias of field.aliases)
      this.add(new Option(`--${alias} ${placeholder(field)}`, text).hideHelp(), field);
  }

  private add(option: Option, field: OptionField): void {
    this.command.addOption(option);
    this.flags.push({ attribute: option.attributeName(), field });
  }

  /** What was given on the command line, and nothing else. */
  read(): OptionTree {
    const tree: OptionTree = {};
    for (const { attribute, field } of this.flags) {
      if (this.command.getOptionValueSource(attribute) !== 'cli') continue;
      const names = field.name.split('.');
      let node = tree;
      for (const name of names.slice(0, -1)) {
        node[name] ??= {};
        node = node[name] as OptionTree;
      }
      node[names[names.length - 1]!] = parseValue(field, this.command.getOptionValue(attribute));
    }
    return tree;
  }
}
