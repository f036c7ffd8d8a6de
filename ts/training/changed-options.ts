import { UsageError } from '../errors';
import type { OptionsConfig } from '../models/options-config';

/** The two ways to say how long a run is. */
interface Length {
  epochs?: number | undefined;
  steps?: number | undefined;
}

/**
 * The options of a run with the changes that `resume` was given.
 * @throws UsageError naming a change that would make it another run
 */
export function changedOptions<Options extends object>(
  frozen: Options,
  changes: object | undefined,
  { config, changeable }: { config: OptionsConfig<Options>; changeable: readonly string[] },
): Options {
  if (changes === undefined) return frozen;
  const { epochs, steps, ...rest } = frozen as Options & Length;
  const asked = changes as Length;
  const length = asked.epochs === undefined && asked.steps === undefined ? { epochs, steps } : {};
  const changed = config.parse({
    ...rest,
    ...length,
    ...changes,
    ...groupsOf(frozen, changes),
  });
  for (const { name, before, after } of config.diff(frozen, changed))
    if (!changeable.includes(name))
      throw new UsageError(
        `\`${name}\` must stay ${JSON.stringify(before)} in this run, but is ${JSON.stringify(after)} instead`,
        { hint: `A run goes on with its options; only ${changeable.join(', ')} may change.` },
      );
  return changed;
}

/** Each group of options with the changes within it. */
function groupsOf(frozen: object, changes: object): Record<string, unknown> {
  const groups: Record<string, unknown> = {};
  for (const [name, change] of Object.entries(changes)) {
    const before = (frozen as Record<string, unknown>)[name];
    const isGroup = typeof change === 'object' && change !== null && !Array.isArray(change);
    if (isGroup && typeof before === 'object') groups[name] = { ...before, ...change };
  }
  return groups;
}
