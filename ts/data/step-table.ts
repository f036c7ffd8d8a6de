import type { NativePlan } from '../native/addon';

/** Kinds of updates of a plan (docs/formats.md). */
export const updateKind = { discriminator: 0, generator: 1, encoder: 2, features: 3 } as const;

/** Steps of one update each, `batchSize` rows after one another. */
export function singleUpdates(
  kind: number,
  stepCount: number,
  batchSize: number,
): Pick<NativePlan, 'updates' | 'stepStart'> {
  const updates = new Int32Array(stepCount * 3);
  for (let step = 0; step < stepCount; step++) updates.set([kind, step * batchSize, batchSize], step * 3);
  return { updates, stepStart: Int32Array.from({ length: stepCount + 1 }, (_, step) => step) };
}
