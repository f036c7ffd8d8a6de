import type { ByteCursor } from '../byte-cursor';
import { opcodes } from './opcodes';

/** What a pickle holds. Dicts are maps, lists and tuples arrays; `T` are the values that the reader's globals make. */
export type PickleValue<T> =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleValue<T>[]
  | Map<PickleValue<T>, PickleValue<T>>
  | PickleGlobal<T>
  | T;

/** A name that a pickle may use, as `collections.OrderedDict`. Nothing is imported: a name is a row of a table. */
export class PickleGlobal<T> {
  constructor(
    readonly name: string,
    /** Makes the value of a call; absent for names that are only mentioned. */
    readonly call?: (args: PickleValue<T>[]) => PickleValue<T>,
  ) {}
}

/** What the machine needs of the one who reads. */
export interface PickleReading<T> {
  /** The global of a name, or `undefined`, which refuses the file by that name. */
  global(name: string): PickleGlobal<T> | undefined;
  /** The value of a persistent id, which PyTorch uses for storages. */
  persistent(id: PickleValue<T>): PickleValue<T>;
  fail(what: string): never;
}

/** Far above any state dict, and low enough for memory. */
const maximumValues = 4_000_000;
const maximumNameBytes = 256;

type Stack<T> = PickleValue<T>[];

/**
 * Reads one pickle from `cursor`, up to its end. An interpreter of data alone: it imports nothing and calls nothing
 * but the rows of `reading.global`; each other name is refused.
 */
export async function readPickle<T>(cursor: ByteCursor, reading: PickleReading<T>): Promise<PickleValue<T>> {
  return await new PickleMachine(cursor, reading).run();
}

class PickleMachine<T> {
  #stack: Stack<T> = [];
  /** The stacks below each mark. */
  readonly #marks: Stack<T>[] = [];
  readonly #memo = new Map<number, PickleValue<T>>();
  /** Each text once, so that equal keys are one and the same, and not compared letter by letter. */
  readonly #texts = new Map<string, string>();
  #count = 0;
  /** Values that may still be passed to calls: no more than the bytes that can write them. */
  #arguments: number;

  constructor(
    private readonly cursor: ByteCursor,
    private readonly reading: PickleReading<T>,
  ) {
    this.#arguments = cursor.remaining;
  }

  async run(): Promise<PickleValue<T>> {
    for (;;) {
      const opcode = await this.#number(1);
      if (opcode === opcodes.stop) return this.#pop();
      if (++this.#count > maximumValues)
        this.#fail(`its pickle has more than ${maximumValues.toLocaleString('en-US')} instructions`);
      await this.#step(opcode);
    }
  }

  async #step(opcode: number): Promise<void> {
    switch (opcode) {
      case opcodes.protocol:
        await this.#number(1);
        return;
      case opcodes.frame:
        await this.#bytes(8);
        return;
      case opcodes.mark:
        this.#marks.push(this.#stack);
        this.#stack = [];
        return;
      case opcodes.pop:
        this.#pop();
        return;
      case opcodes.popMark:
        this.#sinceMark();
        return;
      case opcodes.global: {
        const module = await this.#line();
        return this.#pushGlobal(`${module}.${await this.#line()}`);
      }
      case opcodes.stackGlobal: {
        const [module, name] = this.#popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string')
          return this.#fail('its pickle asks for something by a name that is no text');
        return this.#pushGlobal(`${module}.${name}`);
      }
      case opcodes.reduce: {
        const args = this.#pop();
        const callee = this.#pop();
        if (!(callee instanceof PickleGlobal) || callee.call === undefined || !Array.isArray(args))
          return this.#fail('its pickle calls what cannot be called');
        this.#countArguments(args);
        this.#stack.push(callee.call(args));
        return;
      }
      case opcodes.build:
        // Attributes of an object; PyTorch's dicts carry `_metadata`, which nothing here needs.
        this.#pop();
        return;
      case opcodes.binPersistentId:
        this.#stack.push(this.reading.persistent(this.#pop()));
        return;
      default:
        if (!(await this.#scalar(opcode)) && !this.#container(opcode) && !(await this.#memory(opcode)))
          this.#fail(`its pickle uses instruction 0x${opcode.toString(16)}, which data does not need`);
    }
  }

  async #scalar(opcode: number): Promise<boolean> {
    const push = (value: PickleValue<T>) => this.#stack.push(value) > 0;
    switch (opcode) {
      case opcodes.none:
        return push(null);
      case opcodes.newTrue:
        return push(true);
      case opcodes.newFalse:
        return push(false);
      case opcodes.binInt:
        return push((await this.#bytes(4)).readInt32LE());
      case opcodes.binInt1:
        return push(await this.#number(1));
      case opcodes.binInt2:
        return push(await this.#number(2));
      case opcodes.binFloat:
        return push((await this.#bytes(8)).readDoubleBE());
      case opcodes.long1:
        return push(signed(await this.#bytes(await this.#number(1))));
      case opcodes.shortBinUnicode:
        return push(await this.#text(await this.#number(1), 'utf8'));
      case opcodes.binUnicode:
        return push(await this.#text(await this.#number(4), 'utf8'));
      case opcodes.shortBinString:
        return push(await this.#text(await this.#number(1), 'latin1'));
      case opcodes.binString:
        return push(await this.#text(await this.#number(4), 'latin1'));
      default:
        return false;
    }
  }

  #container(opcode: number): boolean {
    const push = (value: PickleValue<T>) => this.#stack.push(value) > 0;
    switch (opcode) {
      case opcodes.emptyList:
      case opcodes.emptyTuple:
        return push([]);
      case opcodes.emptyDict:
        return push(new Map());
      case opcodes.tuple:
        return push(this.#sinceMark());
      case opcodes.tuple1:
      case opcodes.tuple2:
      case opcodes.tuple3:
        return push(this.#popMany(opcode - opcodes.tuple1 + 1));
      case opcodes.append:
        return this.#extend(this.#popMany(1));
      case opcodes.appends:
        return this.#extend(this.#sinceMark());
      case opcodes.setItem:
        return this.#set(this.#popMany(2));
      case opcodes.setItems:
        return this.#set(this.#sinceMark());
      default:
        return false;
    }
  }

  async #memory(opcode: number): Promise<boolean> {
    switch (opcode) {
      case opcodes.binPut:
        return this.#remember(await this.#number(1));
      case opcodes.longBinPut:
        return this.#remember(await this.#number(4));
      case opcodes.memoize:
        return this.#remember(this.#memo.size);
      case opcodes.binGet:
        return this.#recall(await this.#number(1));
      case opcodes.longBinGet:
        return this.#recall(await this.#number(4));
      default:
        return false;
    }
  }

  #pushGlobal(name: string): void {
    const known = this.reading.global(name);
    if (known === undefined) {
      const shown = JSON.stringify(name.slice(0, 80));
      this.#fail(`its pickle asks for ${shown}, which is not data; nothing of it was executed`);
    } else this.#stack.push(known);
  }

  /** A call may read each list that it is given; one that many calls share would be read without end. */
  #countArguments(args: Stack<T>): void {
    for (const list of [args, ...args]) if (Array.isArray(list)) this.#arguments -= list.length;
    if (this.#arguments < 0) this.#fail('its pickle passes more values to its calls than it has bytes');
  }

  #extend(values: Stack<T>): boolean {
    const list = this.#stack.at(-1);
    if (!Array.isArray(list)) return this.#fail('its pickle appends to what is no list');
    for (const value of values) list.push(value);
    return true;
  }

  #set(pairs: Stack<T>): boolean {
    const map = this.#stack.at(-1);
    if (!(map instanceof Map) || pairs.length % 2 !== 0)
      return this.#fail('its pickle sets items of what is no dict');
    for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i]!, pairs[i + 1]!);
    return true;
  }

  #remember(place: number): boolean {
    if (this.#stack.length === 0) return this.#fail('its pickle remembers nothing');
    this.#memo.set(place, this.#stack.at(-1)!);
    return true;
  }

  #recall(place: number): boolean {
    if (!this.#memo.has(place)) return this.#fail(`its pickle recalls what it never remembered (${place})`);
    return this.#stack.push(this.#memo.get(place)!) > 0;
  }

  #pop(): PickleValue<T> {
    return this.#popMany(1)[0]!;
  }

  #popMany(count: number): Stack<T> {
    if (this.#stack.length < count) return this.#fail('its pickle takes more values than it has');
    return this.#stack.splice(this.#stack.length - count);
  }

  #sinceMark(): Stack<T> {
    const values = this.#stack;
    this.#stack = this.#marks.pop() ?? this.#fail('its pickle goes back to a mark that it has not');
    return values;
  }

  async #bytes(length: number): Promise<Buffer> {
    if (this.cursor.lacks(length)) await this.cursor.fill(length);
    return this.cursor.bytes(length);
  }

  async #number(width: 1 | 2 | 4): Promise<number> {
    return (await this.#bytes(width)).readUIntLE(0, width);
  }

  async #text(length: number, encoding: 'utf8' | 'latin1'): Promise<string> {
    const text = (await this.#bytes(length)).toString(encoding);
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }

  /** A line of text, as the two of a global name are. */
  async #line(): Promise<string> {
    const characters: number[] = [];
    for (let next = await this.#number(1); next !== 0x0a; next = await this.#number(1)) {
      if (characters.length >= maximumNameBytes) this.#fail('its pickle has a name without an end');
      characters.push(next);
    }
    return Buffer.from(characters).toString('utf8');
  }

  #fail(what: string): never {
    return this.reading.fail(`${what} (at byte ${this.cursor.position})`);
  }
}

/** A little-endian two's-complement number of any width; a bigint only where a number cannot hold it. */
function signed(bytes: Buffer): number | bigint {
  let value = 0n;
  for (const byte of [...bytes].reverse()) value = (value << 8n) | BigInt(byte);
  if (bytes.length > 0 && bytes.at(-1)! >= 0x80) value -= 1n << BigInt(8 * bytes.length);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
