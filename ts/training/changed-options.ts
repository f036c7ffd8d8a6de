import { UsageError } from '../errors';
import { TrainingConfig } from '../models/config';
import type { TrainingInput, TrainingOptions } from '../models/option-schema';
import { changeableOptions } from './run-checkpoints';

/**
 * The options of a run with the changes that `resume` was given.
 * @throws UsageError naming a change that would make it another run
 */
export function changedOptions(frozen: TrainingOptions, changes: TrainingInput | undefined): TrainingOptions {
  if (changes === undefined) return frozen;
  const { epochs, steps, ...rest } = frozen;
  const length = changes.epochs === undefined && changes.steps === undefined ? { epochs, steps } : {};
  const changed = TrainingConfig.parse({
    ...rest,
    ...length,
    ...changes,
    ...groupsOf(frozen, changes),
  });
  for (const { name, before, after } of TrainingConfig.diff(frozen, changed))
    if (!changeableOptions.includes(name))
      throw new UsageError(
        `\`${name}\` must stay ${JSON.stringify(before)} in this run, but is ${JSON.stringify(after)} instead`,
        { hint: `A run goes on with its options; only ${changeableOptions.join(', ')} may change.` },
      );
  return changed;
}

/** Each group of options with the changes within it. */
function groupsOf(frozen: TrainingOptions, changes: TrainingInput): Record<string, unknown> {
  const groups: Record<string, unknown> = {};
  for (const [name, change] of Object.entries(changes)) {
    const before = (frozen as Record<string, unknown>)[name];
    const isGroup = typeof change === 'object' && change !== null && !Array.isArray(change);
    if (isGroup && typeof before === 'object') groups[name] = { ...before, ...change };
  }
  return groups;
}
