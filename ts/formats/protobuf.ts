/** The three wire types of Protocol Buffers that florigen writes: varint, 64 bits or 32 bits, and length-delimited. */

/** A whole number from 0 to 2^53 - 1. */
export function varintField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

export function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + 1), bytes]);
}

export function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + 5), bytes]);
}

/** A string, bytes, or an embedded message. */
export function bytesField(field: number, value: Uint8Array | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.byteLength), bytes]);
}

/** Value of the first varint field with this number; 0, as the format has it, where there is none. */
export function findVarint(message: Uint8Array, field: number): number {
  let at = 0;
  while (at < message.byteLength) {
    const key = readVarint(message, at);
    at = key.end;
    const kind = key.value % 8;
    const value = kind === 0 || kind === 2 ? readVarint(message, at) : { value: 0, end: at };
    if (kind === 0 && Math.floor(key.value / 8) === field) return value.value;
    if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else if (kind === 2) at = value.end + value.value;
    else if (kind === 0) at = value.end;
    else throw new RangeError(`wire type ${kind} is not known`);
  }
  return 0;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start, factor = 1; at < bytes.byteLength; at++, factor *= 128) {
    const byte = bytes[at]!;
    value += (byte % 128) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new RangeError('the message ends within a number');
}
