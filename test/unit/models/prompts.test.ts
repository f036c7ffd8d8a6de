import { checkedPrompt, checkedPrompts, checkedSeed } from '../../../ts/models/prompts';

test('a prompt comes back composed, with single spaces', () => {
  expect(checkedPrompt('  a red\tflower\n', 'prompt')).toBe('a red flower');
  expect(checkedPrompt('cafe\u0301', 'prompt')).toBe('caf\u00e9');
  expect(checkedPrompts('one')).toEqual(['one']);
});

test.each([
  ['', /`prompts\[1\]` must be a sentence with at least one word/],
  ['  ', /at least one word/],
  ['?!', /at least one word/],
  ['a\0b', /well-formed Unicode text/],
  ['a\ud800', /well-formed Unicode text/],
  [7, /must be text, but is 7 instead/],
  ['x'.repeat(10_000), /at most 1000 characters long/],
])('refuses %j', (prompt, message) => {
  expect(() => checkedPrompts(['fine', prompt])).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) }),
  );
});

test('a list of another name has a hint of its own', () => {
  expect(() => checkedPrompts(['fine', '?'], 'sentences', 'Say something.')).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/^`sentences\[1\]`/), hint: 'Say something.' }),
  );
  expect(() => checkedPrompts(['?'])).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('draw') }),
  );
});

test('no prompt at all is refused', () => {
  for (const prompts of [[], undefined, 3])
    expect(() => checkedPrompts(prompts)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('a character beyond the basic plane counts once', () => {
  expect(checkedPrompt(`${'a'.repeat(999)}\u{1F33A}`, 'prompt')).toHaveLength(1001);
});

test.each([-1, 1.5, 2 ** 32, '3', Number.NaN])('refuses seed %p', (seed) => {
  expect(() => checkedSeed(seed)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});
