/** Deepest nesting of arrays and objects, as in the reference reader of safetensors. */
const maximumDepth = 127;

const space = /[ \t\n\r]*/y;
const integer = /(?:0|[1-9]\d*)(?![\d.eE])/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const literal = /true|false|null/y;
const escapes: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Reads JSON piece by piece and sees what `JSON.parse` hides: duplicate keys, `8.0` for 8, integers past 2^53, lone
 * surrogates, depth. It builds no object, so no key can be `__proto__`.
 */
export class JsonScanner {
  position = 0;
  #depth = 0;

  /** @param fail throws the reader's own error, given what is wrong */
  constructor(
    readonly text: string,
    readonly fail: (what: string) => never,
  ) {}

  /** Calls `onKey` for each key, with the scanner before its value. */
  object(onKey: (key: string) => void): void {
    this.#enter('{');
    if (!this.#take('}')) {
      do {
        this.#skipSpace();
        const key = this.string();
        this.#expect(':');
        onKey(key);
      } while (this.#take(','));
      this.#expect('}');
    }
    this.#depth--;
  }

  /** Calls `onItem` for each item, with the scanner before it. */
  array(onItem: (index: number) => void): void {
    this.#enter('[');
    if (!this.#take(']')) {
      let index = 0;
      do onItem(index++);
      while (this.#take(','));
      this.#expect(']');
    }
    this.#depth--;
  }

  string(): string {
    this.#skipSpace();
    if (this.text[this.position] !== '"') this.fail(`${this.#place()} must be a string`);
    this.position++;
    let value = '';
    for (;;) {
      value += this.#plainText();
      const end = this.text[this.position++];
      if (end === '"') break;
      if (end !== '\\') this.fail('its header has a string without an end, or with a raw control character');
      value += this.#escape();
    }
    if (/\p{Surrogate}/u.test(value)) this.fail('its header has a lone surrogate, which is not text');
    return value;
  }

  /** A whole number from 0, written in digits alone, at most `maximum`. */
  integer(what: string, maximum: bigint = BigInt(Number.MAX_SAFE_INTEGER)): number {
    this.#skipSpace();
    const digits = this.#match(integer);
    if (digits === '') this.fail(`${what} must be a whole number from 0, written in digits`);
    // The length first: turning a million digits into a number is slow.
    if (digits.length > 20 || BigInt(digits) > maximum) this.fail(`${what} is too large`);
    return Number(digits);
  }

  /** True, and past it, when the next value is `null`. */
  takeNull(): boolean {
    this.#skipSpace();
    if (!this.text.startsWith('null', this.position)) return false;
    this.position += 4;
    return true;
  }

  /** Passes over any one value, checking its grammar. */
  skipValue(): void {
    this.#skipSpace();
    const first = this.text[this.position];
    if (first === '{') this.object(() => this.skipValue());
    else if (first === '[') this.array(() => this.skipValue());
    else if (first === '"') this.string();
    else if (this.#match(number) === '' && this.#match(literal) === '') {
      this.fail(`${this.#place()} is not JSON`);
    }
  }

  /** Nothing but white space may follow. */
  end(): void {
    this.#skipSpace();
    if (this.position < this.text.length) this.fail(`${this.#place()} is after the end of the JSON`);
  }

  #plainText(): string {
    const start = this.position;
    for (; this.position < this.text.length; this.position++) {
      const code = this.text.charCodeAt(this.position);
      if (code < 0x20 || code === 0x22 || code === 0x5c) break;
    }
    return this.text.slice(start, this.position);
  }

  #escape(): string {
    const kind = this.text[this.position++] ?? '';
    if (kind === 'u') {
      const digits = this.text.slice(this.position, this.position + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail('its header has a broken \\u escape');
      this.position += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    return escapes[kind] ?? this.fail('its header has an unknown escape in a string');
  }

  #enter(bracket: string): void {
    if (++this.#depth > maximumDepth) this.fail(`its header is nested deeper than ${maximumDepth} levels`);
    this.#expect(bracket);
  }

  #expect(character: string): void {
    if (!this.#take(character)) this.fail(`${this.#place()} must be \`${character}\``);
  }

  #take(character: string): boolean {
    this.#skipSpace();
    if (this.text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  #skipSpace(): void {
    this.#match(space);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  #place(): string {
    return this.position < this.text.length
      ? `character ${this.position} of its header`
      : 'its header ends too early: the next character';
  }
}
