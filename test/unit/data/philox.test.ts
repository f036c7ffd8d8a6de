import { PhiloxStream, philox4x32 } from '../../../ts/data/philox';
import vectors from '../../vectors/philox.json';

type Case = { position: number[]; index: number };
const cases: Case[] = Array.from({ length: vectors.streams.length / 5 }, (_, index) => ({
  position: vectors.streams.slice(index * 5, index * 5 + 5),
  index,
}));
const stream = ({ position: [seed, purpose, step, pass, row] }: Case) =>
  new PhiloxStream(seed!, purpose!, { step, pass, row });
const part = (list: number[], index: number, count = vectors.count) =>
  list.slice(index * count, (index + 1) * count);

test('the known answers of Random123', () => {
  for (let at = 0; at < vectors.knownAnswers.length; at += 10) {
    const [c0, c1, c2, c3, k0, k1, ...expected] = vectors.knownAnswers.slice(at, at + 10);
    expect(philox4x32([c0!, c1!, c2!, c3!], [k0!, k1!])).toEqual(expected);
  }
  expect(vectors.knownAnswers.length).toBe(30);
});

test.each(cases)('words, uniforms and integers of stream $position', (one) => {
  const [words, uniforms] = [stream(one), stream(one)];
  expect(Array.from({ length: vectors.count }, () => words.uint32())).toEqual(part(vectors.words, one.index));
  expect(Array.from({ length: vectors.count }, () => uniforms.uniform())).toEqual(
    part(vectors.uniforms, one.index),
  );
  expect(vectors.bounds.map((bound) => stream(one).below(bound))).toEqual(
    part(vectors.below, one.index, vectors.bounds.length),
  );
});

test.each(cases)('normals of stream $position', (one) => {
  const normals = stream(one);
  for (const expected of part(vectors.normals, one.index)) expect(normals.normal()).toBeCloseTo(expected, 12);
});

test('a change between words and normals never reuses a word', () => {
  const mixed = new PhiloxStream(7, 10);
  const plain = new PhiloxStream(7, 10);
  const words = Array.from({ length: 8 }, () => plain.uint32());
  expect(mixed.uint32()).toBe(words[0]);
  const radius = Math.sqrt(-2 * Math.log((words[2]! + 0.5) / 2 ** 32));
  expect(mixed.normal()).toBeCloseTo(radius * Math.cos((2 * Math.PI * (words[3]! + 0.5)) / 2 ** 32), 12);
  expect(mixed.uint32()).toBe(words[4]);
});

test('a shuffle keeps every entry and depends on the seed', () => {
  const list = Array.from({ length: 50 }, (_, i) => i);
  const shuffled = new PhiloxStream(1, 2).shuffle(list);
  expect([...shuffled].sort((a, b) => a - b)).toEqual(list);
  expect(shuffled).not.toEqual(list);
  expect(shuffled).toEqual(new PhiloxStream(1, 2).shuffle(list));
  expect(shuffled).not.toEqual(new PhiloxStream(2, 2).shuffle(list));
});

test('uniforms have the mean and variance of U(0, 1), integers reach every value', () => {
  const numbers = new PhiloxStream(3, 12);
  const values = Array.from({ length: 20_000 }, () => numbers.uniform());
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  // standard errors: 0.002 for the mean, 0.0005 for the variance; bounds are five of them
  expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.0102);
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.0027);
  expect(new Set(Array.from({ length: 500 }, () => numbers.below(7))).size).toBe(7);
});
