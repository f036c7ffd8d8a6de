import { hasCode } from '../errors';
import { Session } from './context';
import { ExitCode } from './exit-codes';
import { describeFailure, failureText } from './failure';
import { surviveClosedPipes } from './output';
import { buildProgram, withHelpForGroups } from './program';

/** Runs one command and sets the exit code; the process ends by itself once nothing is left to do. */
export async function main(args: string[]): Promise<void> {
  surviveClosedPipes();
  const session = new Session();
  session.json = args.includes('--json');
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error) => {
      process.exitCode = report(error, session);
      process.exit();
    });
  try {
    const program = await buildProgram(session, args);
    await program.parseAsync(withHelpForGroups(program, args), { from: 'user' });
    process.exitCode = session.interruption?.exitCode ?? session.exitCode;
  } catch (error) {
    process.exitCode = report(error, session);
  } finally {
    session.interruption?.dispose();
  }
}

/** Help and version reach here as errors of commander with exit code 0. */
function report(error: unknown, session: Session): ExitCode {
  if ((error as { exitCode?: unknown } | null)?.exitCode === 0) return ExitCode.ok;
  const stopped = session.interruption?.exitCode ?? null;
  if (stopped !== null && (hasCode(error, 'ABORTED') || (error as Error | null)?.name === 'AbortError'))
    return stopped;
  const failure = describeFailure(error);
  const { code, message, hint, exitCode } = failure;
  if (session.json)
    process.stdout.write(`${JSON.stringify({ event: 'error', code, message, hint, exitCode })}\n`);
  process.stderr.write(`${failureText(failure)}\n`);
  if (process.env.FLORIGEN_DEBUG)
    process.stderr.write(`${(error as Error | null)?.stack ?? String(error)}\n`);
  return exitCode;
}
