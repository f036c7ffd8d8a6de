/** One option that differs. */
export interface OptionDifference {
  /** Dotted name, as in `data.pairing`. */
  name: string;
  before: unknown;
  after: unknown;
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Leaves that differ between two JSON values, by dotted name, in the order of the names of both. */
export function optionDifferences(before: unknown, after: unknown, prefix = ''): OptionDifference[] {
  if (isTree(before) && isTree(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      optionDifferences(before[name], after[name], prefix === '' ? name : `${prefix}.${name}`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ name: prefix, before, after }];
}
