import { Option } from 'commander';
import { mustBe, UsageError } from '../../errors';

/** A parser for a whole number from `minimum` to `maximum`; the sentence names the flag. */
export function wholeNumber(name: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  const range =
    maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < minimum || value > maximum)
      throw new UsageError(
        mustBe(name, `a whole number ${range}`, text.trim() === '' ? text : asNumber(text)),
      );
    return value;
  };
}

/** `-1` is shown as -1, `abc` as "abc". */
function asNumber(text: string): unknown {
  return Number.isNaN(Number(text)) ? text : Number(text);
}

/** A list such as `64,76`. */
export function wholeNumbers(name: string, minimum: number, maximum: number) {
  const one = wholeNumber(name, minimum, maximum);
  return (text: string): number[] => text.split(',').map(one);
}

export const maximumSeed = 2 ** 32 - 1;

export function seedOption(meaning: string): Option {
  return new Option('--seed <number>', `${meaning} (0 to 4294967295)`)
    .default(0)
    .argParser(wholeNumber('--seed', 0, maximumSeed));
}

export function jsonOption(): Option {
  return new Option('--json', 'print JSON lines for programs: progress, results and errors');
}

export function deviceOption(): Option {
  return new Option('--device <name>', 'where to compute; auto takes CUDA where there is a device')
    .choices(['auto', 'cpu', 'cuda'])
    .default('auto');
}

export function threadsOption(): Option {
  return new Option('--threads <number>', 'threads of the engine (default: one per core)').argParser(
    wholeNumber('--threads', 1, 1024),
  );
}
