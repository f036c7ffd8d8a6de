import { Command } from 'commander';
import { describeFailure, failureText } from '../../ts/cli/failure';
import { DataError, UsageError } from '../../ts/errors';

function commanderError(args: string[]): unknown {
  const command = new Command('train').option('--batch-size <n>').exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    return error;
  }
  throw new Error('commander took it');
}

test('an error of ours: sentence, code, hint, and exit code 2 for usage alone', () => {
  const usage = new UsageError('`batchSize` must be even, but is 3 instead.', { hint: 'Take 4.' });
  expect(failureText(describeFailure(usage))).toBe(
    'florigen: `batchSize` must be even, but is 3 instead (USAGE)\n  Take 4.',
  );
  expect(describeFailure(usage).exitCode).toBe(2);
  expect(describeFailure(new DataError('`x` is bad'))).toMatchObject({ code: 'DATA', exitCode: 1, hint: '' });
});

test('an error of another copy of florigen is known by its shape', () => {
  expect(describeFailure({ code: 'USAGE', message: 'x', hint: '' }).exitCode).toBe(2);
});

test('a wrong flag names the right one', () => {
  const failure = describeFailure(commanderError(['--batch-sise', '4']));
  expect(failure).toMatchObject({ code: 'USAGE', exitCode: 2 });
  expect(failure.message).toBe("unknown option '--batch-sise'");
  expect(failure.hint).toBe('Did you mean --batch-size?');
  expect(describeFailure(commanderError(['--zzz'])).hint).toContain('--help');
});

test.each(['ENOENT', 'ENOSPC', 'EACCES', 'EISDIR'])('%s of the system becomes a sentence', (code) => {
  const error = Object.assign(new Error(`${code}: whatever, open 'a/b'`), {
    code,
    syscall: 'open',
    path: 'a/b',
  });
  const failure = describeFailure(error);
  expect(failure).toMatchObject({ code: 'IO', exitCode: 1 });
  expect(failure.message).toContain('a/b');
  expect(failure.message).not.toContain('whatever');
  expect(failure.hint).not.toBe('');
});

test('anything else is one line too, and says how to see more', () => {
  const failure = describeFailure(new TypeError('x is\n  undefined'));
  expect(failure).toMatchObject({ code: 'INTERNAL', message: 'x is undefined', exitCode: 1 });
  expect(failure.hint).toContain('FLORIGEN_DEBUG=1');
  expect(describeFailure('thrown text').message).toBe('thrown text');
  expect(describeFailure(null).message).toBe('null');
});
