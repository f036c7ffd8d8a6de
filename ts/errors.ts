/**
 * Stable error codes. Programs test `error.code`, never `instanceof` across copies of the package.
 *
 * `USAGE` a wrong option or argument; `DATA` a bad image, pack or embedding file; `CHECKPOINT` a bad or foreign
 * checkpoint, bundle or run folder; `LIBRARY` LibTorch or the native library missing or of another version;
 * `NATIVE` a failure inside the engine; `NON_FINITE` a loss or gradient that is not a number; `OUT_OF_MEMORY`;
 * `DISPOSED` use after `dispose()`; `BUSY` a second job on an object that runs one; `IO` the file system said no;
 * `LOCKED` another process owns the run folder; `ABORTED` stopped by the caller's signal.
 */
export type FlorigenErrorCode =
  | 'USAGE'
  | 'DATA'
  | 'CHECKPOINT'
  | 'LIBRARY'
  | 'NATIVE'
  | 'NON_FINITE'
  | 'OUT_OF_MEMORY'
  | 'DISPOSED'
  | 'BUSY'
  | 'IO'
  | 'LOCKED'
  | 'ABORTED';

/** Every error that a user can meet: one sentence ("`x` must be Y, but is Z instead"), a code, and the next thing to do. */
export class FlorigenError extends Error {
  readonly code: FlorigenErrorCode;
  /** What to do next, as a sentence; empty where there is nothing to do. */
  readonly hint: string;

  constructor(code: FlorigenErrorCode, message: string, details: { hint?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint ?? '';
  }
}

type Details = { hint?: string; cause?: unknown };

/** A wrong option, flag or argument. The command line exits with 2. */
export class UsageError extends FlorigenError {
  constructor(message: string, details: Details = {}) {
    super('USAGE', message, details);
  }
}

/** A bad image, caption file, pack or embedding file. */
export class DataError extends FlorigenError {
  constructor(message: string, details: Details = {}) {
    super('DATA', message, details);
  }
}

/** A checkpoint, bundle or run folder that is cut short, altered, or of other options. */
export class CheckpointError extends FlorigenError {
  constructor(message: string, details: Details = {}) {
    super('CHECKPOINT', message, details);
  }
}

/** LibTorch or the native library is missing, or is another version. */
export class LibraryError extends FlorigenError {
  constructor(message: string, details: Details = {}) {
    super('LIBRARY', message, details);
  }
}

/** A failure inside the native engine; `code` says which. */
export class NativeError extends FlorigenError {}

/** The sentence of every refused value: "`name` must be EXPECTED, but is ACTUAL instead". */
export function mustBe(name: string, expected: string, actual: unknown): string {
  const shown = typeof actual === 'string' ? JSON.stringify(actual) : String(actual);
  return `\`${name}\` must be ${expected}, but is ${shown.length > 80 ? `${shown.slice(0, 77)}...` : shown} instead`;
}

/** True for an error of any copy of florigen that carries `code`. */
export function hasCode(error: unknown, code: FlorigenErrorCode): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code;
}
