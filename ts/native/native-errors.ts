import { DataError, type FlorigenErrorCode, LibraryError, NativeError, UsageError } from '../errors';
import type { FlorigenAddon } from './addon';

const classes = { USAGE: UsageError, DATA: DataError, LIBRARY: LibraryError } as const;
const nativeCodes: readonly FlorigenErrorCode[] = [
  'CHECKPOINT',
  'NON_FINITE',
  'OUT_OF_MEMORY',
  'DISPOSED',
  'BUSY',
  'IO',
  'LOCKED',
  'ABORTED',
];

/** Our error for what the addon threw: it carries `code` and one sentence; anything else becomes `NATIVE`. */
export function fromNative(error: unknown): Error {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  const details = { cause: error };
  if (code === 'USAGE' || code === 'DATA' || code === 'LIBRARY') return new classes[code](text, details);
  const known = nativeCodes.find((name) => name === code);
  return new NativeError(known ?? 'NATIVE', text, details);
}

/** The same functions, throwing and rejecting with our errors. */
export function withOurErrors(addon: FlorigenAddon): FlorigenAddon {
  const wrapped: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(addon)) {
    wrapped[name] = typeof member === 'function' ? wrap(member as NativeFunction) : member;
  }
  return wrapped as unknown as FlorigenAddon;
}

type NativeFunction = (...values: unknown[]) => unknown;

function wrap(native: NativeFunction): NativeFunction {
  return (...values) => {
    let result: unknown;
    try {
      result = native(...values);
    } catch (error) {
      throw fromNative(error);
    }
    // Not instanceof: under jest the addon's promises belong to another realm.
    if (typeof (result as { then?: unknown } | null | undefined)?.then !== 'function') return result;
    return Promise.resolve(result).catch((error: unknown) => {
      throw fromNative(error);
    });
  };
}
