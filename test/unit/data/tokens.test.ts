import { writeCharacterTokens } from '../../../ts/data/alphabet';
import { buildVocabulary, WordVocabulary } from '../../../ts/data/word-vocabulary';

function characters(text: string, lowerCase = false, length = 201): number[] {
  const row = new Int32Array(length);
  writeCharacterTokens(row, text, { length, lowerCase });
  return [...row];
}

test('characters have the authors’ places; `-` has its second one, so that channel 37 is never set', () => {
  expect(characters('az09,- ').slice(0, 8)).toEqual([1, 26, 27, 36, 38, 60, 70, 0]);
  const every = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join('');
  const used = new Set(characters(every));
  expect(used.size).toBe(70); // 69 characters, and 0
  expect(used.has(37)).toBe(false);
  expect(Math.max(...used)).toBe(70);
});

test('a character outside the alphabet is an empty column; so is a capital letter, unless folded as the port does', () => {
  expect(characters('aéZb').slice(0, 5)).toEqual([1, 0, 0, 2, 0]);
  expect(characters('aéZb', true).slice(0, 5)).toEqual([1, 70, 26, 2, 0]);
});

test('text is cut at the length', () => {
  const row = characters('b'.repeat(300));
  expect(row).toHaveLength(201);
  expect(row.every((token) => token === 2)).toBe(true);
});

test('words are ordered by how often they occur, then by code unit; the limit cuts the rarest', () => {
  const texts = ['a red flower', 'A red, red petal', 'white petal'];
  expect(buildVocabulary(texts)).toEqual(['red', 'a', 'petal', 'flower', 'white']);
  expect(buildVocabulary(texts, 2)).toEqual(['red', 'a']);
  expect(() => buildVocabulary(['?!'])).toThrow(/must hold words/);
});

test('words become their places from 1; an unknown word is 0', () => {
  const row = new Int32Array(4);
  new WordVocabulary(['red', 'petal']).writeTokens(row, 'Petal of RED petal petal');
  expect([...row]).toEqual([2, 0, 1, 2]);
});
