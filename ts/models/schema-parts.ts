import { z } from 'zod';

/**
 * Parts of the schemas of options. Each `error` completes the sentence "`name` must be ..."; each description is what
 * `--help` prints.
 */

export const positiveInteger = (doc: string) => {
  const error = 'a positive integer';
  return z.int({ error }).positive({ error }).describe(doc);
};
export const integerFrom0 = (doc: string) => {
  const error = 'an integer, 0 or more';
  return z.int({ error }).nonnegative({ error }).describe(doc);
};
export const positive = (doc: string) => {
  const error = 'a positive number';
  return z.number({ error }).positive({ error }).describe(doc);
};
export const from0 = (doc: string) => {
  const error = 'a number, 0 or more';
  return z.number({ error }).nonnegative({ error }).describe(doc);
};
/** A number of [0, limit). */
export const below = (limit: number, doc: string) => {
  const error = `a number from 0 to less than ${limit}`;
  return z.number({ error }).nonnegative({ error }).lt(limit, { error }).describe(doc);
};
/** A number of [0, limit]. */
export const upTo = (limit: number, doc: string) => {
  const error = `a number from 0 to ${limit}`;
  return z.number({ error }).nonnegative({ error }).max(limit, { error }).describe(doc);
};
export const flag = (doc: string) => z.boolean({ error: 'true or false' }).describe(doc);
export const text = (doc: string) =>
  z.string({ error: 'text' }).min(1, { error: 'text that is not empty' }).describe(doc);
export const choice = <const T extends readonly [string, ...string[]]>(values: T, doc: string) =>
  z.enum(values, { error: `one of ${values.join(', ')}` }).describe(doc);
export const group = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, { error: 'an object of options' });

/** A 32-bit seed. */
export const seed = () => {
  const error = 'an integer from 0 to 4294967295';
  return z
    .int({ error })
    .min(0, { error })
    .max(4294967295, { error })
    .describe('Key of every random number of the run.');
};

/** Some of the options, at any depth. */
export type PartialOptions<T> = {
  [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? PartialOptions<T[K]> : T[K];
};
