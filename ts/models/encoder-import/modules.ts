import { T7Object, T7Table, T7Tensor, type T7Value } from '../../formats/t7/values';

/** The name of a module without its package: cudnn's modules hold the same fields as nn's. */
export function moduleName(value: T7Value): string {
  return value instanceof T7Object ? value.className.replace(/^(nn|cudnn)\./, '') : describe(value);
}

/** A value as a sentence may name it. */
export function describe(value: T7Value): string {
  if (value === null) return 'nothing';
  if (value instanceof T7Object) return value.className;
  if (value instanceof T7Tensor) return `a ${value.className} of ${value.sizes.join(' x ')}`;
  if (value instanceof T7Table) return `a table of ${value.entries.size}`;
  return typeof value === 'object' ? 'a function or storage' : `a ${typeof value}`;
}

/** The children of a container (`Sequential`, `gModule`), in order. */
export function childModules(value: T7Value): T7Value[] {
  const modules = value instanceof T7Object ? value.get('modules') : null;
  return modules instanceof T7Table ? modules.list() : [];
}

/**
 * The one module of a Sequential in a recurrent graph. The authors' have no more; modules that share a long list, or
 * hold each other, would be followed without end.
 */
export function onlyModule(sequential: T7Value, fail: (what: string) => never): T7Value {
  const modules = childModules(sequential);
  if (modules.length === 1) return modules[0]!;
  return fail(
    `its recurrent graph holds a Sequential of ${modules.length} modules, where those of the authors have one`,
  );
}

/** A number among a module's fields. */
export function numberField(value: T7Value, name: string): number | undefined {
  const field = value instanceof T7Object ? value.get(name) : null;
  return typeof field === 'number' ? field : undefined;
}

/** A tensor among a module's fields. */
export function tensorField(value: T7Value, name: string): T7Tensor | undefined {
  const field = value instanceof T7Object ? value.get(name) : null;
  return field instanceof T7Tensor ? field : undefined;
}

/** A text of somebody's file as a terminal may show it: on one line, cut where it is long. */
export function printable(text: string): string {
  const plain = text.slice(0, 121).replace(/[\p{Cc}\p{Cf}]/gu, '?');
  return plain.length > 120 ? `${plain.slice(0, 117)}...` : plain;
}
