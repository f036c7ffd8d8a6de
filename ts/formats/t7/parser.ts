import type { ByteCursor } from '../byte-cursor';
import { elementBytes } from '../float-decoding';
import { viewFault } from '../strided';
import { layoutOf } from './classes';
import { T7Function, T7Object, T7Storage, T7Table, T7Tensor, type T7Value } from './values';

/** The types of an object in the file (torch7's File.lua). */
const tags = { nil: 0, number: 1, string: 2, table: 3, torch: 4, boolean: 5, oldFunction: 6 } as const;
const legacyFunction = 7;
const recursiveFunction = 8;

/** Far above any network or list of captions, and low enough for memory. */
const maximumObjects = 4_000_000;
const maximumRank = 64;
const maximumNameBytes = 1024;

/** Makes a value known by its index. */
type Register = <T extends T7Value>(value: T) => T;

/** A container whose children are still to be read. */
interface Frame {
  remaining: number;
  take(value: T7Value): void;
  /** The class whose content this is, for errors. */
  className?: string;
}

/**
 * Reads one object of Torch7's binary serialization with all that hangs on it. A container is known by its index
 * before its children are read, since graphs have cycles; a stack of frames takes the place of recursion, since they
 * are deep.
 */
export class T7Parser {
  readonly #objects = new Map<number, { tag: number; value: T7Value }>();
  readonly #stack: Frame[] = [];

  constructor(
    private readonly cursor: ByteCursor,
    private readonly refuse: (what: string) => never,
  ) {}

  async parse(): Promise<T7Value> {
    let root: T7Value = null;
    this.#stack.push({
      remaining: 1,
      take: (value) => {
        root = value;
      },
    });
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      if (frame.remaining === 0) this.#stack.pop();
      else {
        frame.remaining--;
        frame.take(await this.#value());
      }
    }
    return root;
  }

  async #value(): Promise<T7Value> {
    const tag = await this.#int();
    switch (tag) {
      case tags.nil:
        return null;
      case tags.number:
        if (this.cursor.lacks(8)) await this.cursor.fill(8);
        return this.cursor.float64();
      case tags.string:
        return await this.#string('a string', Number.POSITIVE_INFINITY);
      case tags.boolean:
        return (await this.#int()) === 1;
      case tags.oldFunction:
        return await this.#function(new T7Function());
      case tags.table:
      case tags.torch:
      case legacyFunction:
      case recursiveFunction:
        return await this.#indexed(tag);
      default:
        return this.#fail(`type ${tag} is none of Torch7`);
    }
  }

  /** Tables, torch objects and functions share one space of indices; an index that is known ends the object. */
  async #indexed(tag: number): Promise<T7Value> {
    const index = await this.#int();
    const known = this.#objects.get(index);
    if (known?.tag === tag) return known.value;
    if (known !== undefined) this.#fail(`object ${index} is used as another kind of object than it is`);
    if (this.#objects.size >= maximumObjects)
      this.#fail(`it has more than ${maximumObjects.toLocaleString('en-US')} objects`);
    const register: Register = (value) => {
      this.#objects.set(index, { tag, value });
      return value;
    };
    if (tag === tags.table) return this.#table(register(new T7Table()), await this.#int(), 2);
    return tag === tags.torch
      ? await this.#torchObject(register)
      : await this.#function(register(new T7Function()));
  }

  /** @param perEntry 2 for pairs of key and value, 1 for values that are numbered from 1 */
  #table(table: T7Table, count: number, perEntry: 1 | 2, className?: string): T7Table {
    // The shortest object has 4 bytes.
    if (count < 0 || 4 * perEntry * count > this.cursor.remaining)
      this.#fail(`a table is said to have ${count} entries`);
    let key: T7Value | undefined;
    let place = 0;
    this.#push(perEntry * count, className, (value) => {
      if (perEntry === 1) table.entries.set(++place, value);
      else if (key === undefined) key = value;
      else {
        if (key === null) this.#fail('a table has the key nil');
        table.entries.set(key, value);
        key = undefined;
      }
    });
    return table;
  }

  async #function(result: T7Function): Promise<T7Function> {
    const bytes = await this.#int();
    if (bytes < 0 || bytes > this.cursor.remaining)
      this.#fail(`a function is said to have ${bytes} bytes of code`);
    this.cursor.skip(bytes);
    this.#push(1, undefined, (value) => {
      result.upvalues = value;
    });
    return result;
  }

  async #torchObject(register: Register): Promise<T7Value> {
    const first = await this.#string('the version of a class', maximumNameBytes);
    // Files older than the versions begin with the name itself.
    const version = /^V (\d+)$/.exec(first);
    const className = version === null ? first : await this.#string('the name of a class', maximumNameBytes);
    if (!/^[\x21-\x7e]+$/.test(className)) this.#fail('the name of a class is not text');
    const layout = layoutOf(className);
    switch (layout.kind) {
      case 'tensor':
        return register(await this.#tensor(className, layout.type));
      case 'storage':
        return register(await this.#storage(className, layout.type));
      case 'vec':
      case 'hash':
        return await this.#collection(register(new T7Table()), className, layout.kind);
      case 'fields':
        return this.#fields(register(new T7Object(className, Number(version?.[1] ?? 0))));
    }
  }

  #fields(object: T7Object): T7Object {
    this.#push(1, object.className, (value) => {
      if (!(value instanceof T7Table))
        return this.#fail(`the class ${object.className} holds no table of fields, so it cannot be read`);
      object.fields = value;
    });
    return object;
  }

  /** tds writes a 64-bit count, then the values, or the pairs of key and value. */
  async #collection(table: T7Table, className: string, kind: 'vec' | 'hash'): Promise<T7Table> {
    return this.#table(table, await this.#long(), kind === 'vec' ? 1 : 2, className);
  }

  async #storage(className: string, type: T7Storage['type']): Promise<T7Storage> {
    const elements = await this.#long();
    const bytes = elements * elementBytes[type];
    if (elements < 0 || bytes > this.cursor.remaining)
      this.#fail(`a ${className} is said to have ${elements} elements, which the file has not`);
    const storage = new T7Storage(className, type, elements, this.cursor.position);
    this.cursor.skip(bytes);
    return storage;
  }

  async #tensor(className: string, type: T7Tensor['type']): Promise<T7Tensor> {
    const rank = await this.#int();
    if (rank < 0 || rank > maximumRank) this.#fail(`a ${className} is said to have ${rank} dimensions`);
    const numbers: number[] = [];
    for (let i = 0; i < 2 * rank + 1; i++) numbers.push(await this.#long());
    const sizes = rank === 0 ? [0] : numbers.slice(0, rank);
    const strides = rank === 0 ? [1] : numbers.slice(rank, 2 * rank);
    const tensor = new T7Tensor(className, type, sizes, strides, numbers[2 * rank]! - 1);
    this.#push(1, className, (value) => {
      if (value !== null && !(value instanceof T7Storage && value.type === type))
        return this.#fail(`a ${className} has no storage of its own type`);
      tensor.storage = value;
      const fault = tensor.sizes.includes(0) ? undefined : viewFault(tensor, value?.elements ?? 0);
      if (fault !== undefined) this.#fail(`a ${className} ${fault}`);
    });
    return tensor;
  }

  #push(remaining: number, className: string | undefined, take: (value: T7Value) => void): void {
    this.#stack.push(className === undefined ? { remaining, take } : { remaining, take, className });
  }

  async #int(): Promise<number> {
    if (this.cursor.lacks(4)) await this.cursor.fill(4);
    return this.cursor.int32();
  }

  async #long(): Promise<number> {
    if (this.cursor.lacks(8)) await this.cursor.fill(8);
    const value = this.cursor.int64();
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : this.#fail(`${value} is not a size`);
  }

  /** Length and bytes; one character per byte. */
  async #string(what: string, maximum: number): Promise<string> {
    const length = await this.#int();
    if (length < 0 || length > Math.min(this.cursor.remaining, maximum))
      this.#fail(`${what} is said to have ${length} bytes`);
    if (this.cursor.lacks(length)) await this.cursor.fill(length);
    return this.cursor.bytes(length).toString('latin1');
  }

  #fail(what: string): never {
    const inside = this.#stack.findLast(({ className }) => className !== undefined)?.className;
    const where = inside === undefined ? '' : `, in ${/^[aeiou]/.test(inside) ? 'an' : 'a'} ${inside}`;
    return this.refuse(`${what} (at byte ${this.cursor.position}${where})`);
  }
}
