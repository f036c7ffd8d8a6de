/** Trees of options with one field changed, and what the boundary says of such a field. */

export type Tree = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: tests of the boundary pass what the types forbid.
export const anything = (value: unknown) => value as any;

export function isBranch(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The path of every field, branches included: `seed`, `network`, `network.family`, ... */
export function pathsOf(tree: Tree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = prefix + key;
    return isBranch(value) ? [path, ...pathsOf(value, `${path}.`)] : [path];
  });
}

/** The tree itself, `''`, and the path of every branch. */
export function branchesOf(tree: Tree): string[] {
  return ['', ...pathsOf(tree).filter((path) => isBranch(valueAt(tree, path)))];
}

/** A copy of `tree` in which the field at `path` is `value`; typed arrays are shared. */
export function withValue(tree: Tree, path: string, value: unknown): Tree {
  const [key, ...rest] = path.split('.') as [string, ...string[]];
  const changed = rest.length === 0 ? value : withValue(tree[key] as Tree, rest.join('.'), value);
  return { ...tree, [key]: changed };
}

export function valueAt(tree: Tree, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Tree)[key], tree);
}

/** A value of another kind than the field has, and how the boundary shows it. */
export function otherKind(tree: Tree, path: string): { wrong: unknown; shown: string } {
  return typeof valueAt(tree, path) === 'string'
    ? { wrong: 3, shown: '3' }
    : { wrong: 'tall', shown: '"tall"' };
}

/** The error of a field that must be something else. */
export const refusal = (name: string, actual: string) => ({
  code: 'USAGE',
  message: expect.stringMatching(
    new RegExp(`^\`${escaped(name)}\` must be .+, but is ${escaped(actual)} instead$`),
  ),
});

const escaped = (text: string) => text.replace(/[.[\]()*+?^$|{}\\]/g, '\\$&');
