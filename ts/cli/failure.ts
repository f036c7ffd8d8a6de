import { CommanderError } from 'commander';
import { ioError, systemCode } from '../formats/io-error';
import { ExitCode } from './exit-codes';

/** What a person (or a program, as JSON) is told about an error. */
export interface Failure {
  code: string;
  /** One sentence. */
  message: string;
  /** The next thing to do; empty where there is nothing to do. */
  hint: string;
  exitCode: ExitCode;
}

interface LooseError {
  code?: unknown;
  message?: unknown;
  hint?: unknown;
  path?: unknown;
}

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ').trim();

function fromCommander(error: CommanderError): Failure {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /\((Did you mean [^)]*\?)\)/.exec(rest.join(' '))?.[1];
  const hint = suggestion ?? 'Add --help to see what the command takes.';
  return { code: 'USAGE', message: first.replace(/\.$/, ''), hint, exitCode: ExitCode.usage };
}

/** Turns whatever was thrown into one sentence with a code, and the exit code of the process. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommanderError) return fromCommander(error);
  const loose = (
    typeof error === 'object' && error !== null ? error : { message: String(error) }
  ) as LooseError;
  const code = typeof loose.code === 'string' ? loose.code : '';
  const message = oneLine(String(loose.message ?? '')).replace(/\.$/, '');
  if (typeof loose.hint === 'string')
    return {
      code,
      message,
      hint: loose.hint,
      exitCode: code === 'USAGE' ? ExitCode.usage : ExitCode.failure,
    };
  if (systemCode(error) !== undefined) {
    const path = typeof loose.path === 'string' ? loose.path : 'a file';
    return describeFailure(ioError(path, 'could not be used', error));
  }
  return {
    code: code || 'INTERNAL',
    message: message || 'something failed without a message',
    hint: 'This is not a mistake of yours that florigen knows. FLORIGEN_DEBUG=1 shows where it happened.',
    exitCode: ExitCode.failure,
  };
}

/** The lines for a terminal: "florigen: SENTENCE (CODE)", and the hint below it. */
export function failureText(failure: Failure): string {
  const hint = failure.hint === '' ? '' : `\n  ${failure.hint}`;
  return `florigen: ${failure.message} (${failure.code})${hint}`;
}
