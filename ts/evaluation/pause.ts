import { setImmediate } from 'node:timers/promises';
import { FlorigenError } from '../errors';

/** Lets the event loop run between two pieces of work. @throws FlorigenError `ABORTED` */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw new FlorigenError('ABORTED', 'The evaluation was stopped.');
}
