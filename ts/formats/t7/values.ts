import type { ElementType } from '../float-decoding';
import type { StridedView } from '../strided';

/** Anything that a Torch7 file holds. A string has one character per byte, as Lua's have: see {@link lossyText}. */
export type T7Value =
  | null
  | number
  | boolean
  | string
  | T7Table
  | T7Object
  | T7Tensor
  | T7Storage
  | T7Function;

/** A Lua table (also `tds.Hash`, and `tds.Vec` as a list). Keys may be any value, other tables included. */
export class T7Table {
  readonly entries = new Map<T7Value, T7Value>();

  /** The value of a key; null where there is none, as in Lua. */
  get(key: T7Value): T7Value {
    return this.entries.get(key) ?? null;
  }

  /** The values of the keys 1, 2, ... up to the first that is missing. Other keys do not count. */
  list(): T7Value[] {
    const values: T7Value[] = [];
    for (let value = this.get(1); value !== null; value = this.get(values.length + 1)) values.push(value);
    return values;
  }
}

/** An object of a class whose content is a table of fields: all of `nn`, `cudnn`, `nngraph` and `graph`. */
export class T7Object {
  fields = new T7Table();

  constructor(
    readonly className: string,
    readonly version: number,
  ) {}

  /** A field; null where there is none. */
  get(name: string): T7Value {
    return this.fields.get(name);
  }
}

/** Numbers in the file; they are read when asked for. */
export class T7Storage {
  constructor(
    readonly className: string,
    readonly type: ElementType,
    readonly elements: number,
    /** Bytes from the start of the file to the first element. */
    readonly position: number,
  ) {}
}

/** A view into a storage. Sizes are [0] for the empty tensor. */
export class T7Tensor implements StridedView {
  storage: T7Storage | null = null;

  constructor(
    readonly className: string,
    readonly type: ElementType,
    readonly sizes: readonly number[],
    readonly strides: readonly number[],
    /** From 0, unlike in the file. */
    readonly offset: number,
  ) {}
}

/** A Lua function. Its bytecode is passed over and never looked at. */
export class T7Function {
  upvalues: T7Value = null;
}

/** A string of the file as text: its bytes as UTF-8, each invalid byte as U+FFFD. */
export function lossyText(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}
