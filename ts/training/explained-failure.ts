import { FlorigenError, hasCode } from '../errors';

/** The error of a failed step, with what to do next. @param savedStep step of the newest checkpoint, 0 for none */
export function explainedFailure(error: unknown, savedStep: number): unknown {
  if (!hasCode(error, 'NON_FINITE')) return error;
  const from =
    savedStep === 0 ? 'The run has no checkpoint yet' : `The checkpoint of step ${savedStep} is whole`;
  return new FlorigenError('NON_FINITE', (error as Error).message, {
    hint: `${from}. Train again with a lower learning rate, or with another seed.`,
    cause: error,
  });
}
