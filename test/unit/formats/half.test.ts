import { halfToNumber } from '../../../ts/formats/float-decoding';
import { halved, numberToHalf, widened } from '../../../ts/formats/half';

const bytesOf = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);
const numbersOf = (bytes: Uint8Array) => [...new Float32Array(bytes.slice().buffer)];

test('every half-precision number is its own nearest one', () => {
  for (let bits = 0; bits < 65536; bits++) {
    const value = halfToNumber(bits);
    if (Number.isNaN(value)) expect(numberToHalf(value)).toBe(0x7e00);
    else if (numberToHalf(value) !== bits) throw new Error(`${bits} became ${numberToHalf(value)}`);
  }
});

test('numbers between two go to the nearer one, and to the even one from the middle', () => {
  for (let bits = 0; bits < 0x7bff; bits++) {
    const [low, high] = [halfToNumber(bits), halfToNumber(bits + 1)];
    const middle = (low + high) / 2;
    expect(numberToHalf(middle)).toBe(bits % 2 === 0 ? bits : bits + 1);
    expect(numberToHalf(Math.fround(low + (high - low) * 0.4))).toBe(bits);
    expect(numberToHalf(-Math.fround(low + (high - low) * 0.6))).toBe(0x8000 | (bits + 1));
  }
});

test('what is too large is infinite', () => {
  expect(numberToHalf(65519)).toBe(0x7bff);
  expect(numberToHalf(65520)).toBe(0x7c00);
  expect(numberToHalf(Number.NEGATIVE_INFINITY)).toBe(0xfc00);
});

test('matrices are halved, and read back within half of a last place', () => {
  const values = [0.1, -3.25, 1e-7, 65504];
  const tensor = halved({ dtype: 'F32', shape: [2, 2], bytes: bytesOf(values) });
  expect(tensor.dtype).toBe('F16');
  expect(tensor.bytes.byteLength).toBe(8);
  const read = numbersOf(widened(tensor));
  for (const [i, value] of values.entries()) {
    expect(Math.abs(read[i]! - value)).toBeLessThanOrEqual(Math.max(2 ** -25, Math.abs(value) * 2 ** -11));
  }
});

test.each([
  ['a vector', { dtype: 'F32', shape: [2], bytes: bytesOf([1, 2]) }],
  ['a counter', { dtype: 'I64', shape: [1, 1], bytes: new Uint8Array(8) }],
  ['a matrix with a number past 65504', { dtype: 'F32', shape: [1, 2], bytes: bytesOf([1, 65505]) }],
  ['a matrix with NaN', { dtype: 'F32', shape: [1, 2], bytes: bytesOf([1, Number.NaN]) }],
] as const)('%s stays as it is', (_, tensor) => {
  expect(halved(tensor)).toBe(tensor);
});
