import { mustBe, UsageError } from '../errors';

/** Longest prompt, in code points. */
export const maximumPromptLength = 1000;

const drawingHint = 'Say what to draw, as in "a red flower with a yellow center".';

/**
 * A prompt in NFC with single spaces. @throws UsageError for a text that is empty, too long, not well formed, or
 * without a letter or digit
 * @param name how the sentence calls it, as in `prompts[2]`
 * @param hint what to do where it has no word
 */
export function checkedPrompt(prompt: unknown, name: string, hint = drawingHint): string {
  if (typeof prompt !== 'string') throw new UsageError(mustBe(name, 'text', prompt));
  // NUL and lone surrogates have no place in any sentence; both have fooled others' tokenizers.
  if (/[\0\p{Surrogate}]/u.test(prompt))
    throw new UsageError(mustBe(name, 'well-formed Unicode text', prompt));
  const text = prompt
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const length = [...text].length;
  if (length > maximumPromptLength)
    throw new UsageError(
      mustBe(name, `at most ${maximumPromptLength} characters long`, `${length} characters long`),
    );
  if (!/[\p{L}\p{N}]/u.test(text))
    throw new UsageError(mustBe(name, 'a sentence with at least one word', prompt), { hint });
  return text;
}

/** One prompt or several, checked. @throws UsageError */
export function checkedPrompts(prompts: unknown, name = 'prompts', hint = drawingHint): string[] {
  const list = typeof prompts === 'string' ? [prompts] : prompts;
  if (!Array.isArray(list) || list.length === 0)
    throw new UsageError(mustBe(name, 'a list of at least one text', Array.isArray(list) ? '[]' : list));
  return list.map((prompt, i) => checkedPrompt(prompt, `${name}[${i}]`, hint));
}

/** A seed of an image or a run. @throws UsageError */
export function checkedSeed(seed: unknown, name = 'seed'): number {
  if (typeof seed === 'number' && Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff) return seed;
  throw new UsageError(mustBe(name, 'an integer from 0 to 4294967295', seed));
}
