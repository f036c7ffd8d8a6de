import { UsageError } from '../errors';

/** Longer sentences say nothing more to an encoder of captions, and are most often a file by mistake. */
export const maximumPromptLength = 1000;

/** Sentences as they will be drawn: trimmed. @throws UsageError for an empty or an endless one */
export function checkPrompts(prompts: readonly string[]): string[] {
  return prompts.map((prompt, index) => {
    const text = prompt.trim();
    const name = prompts.length === 1 ? '--prompt' : `--prompt (number ${index + 1})`;
    if (text === '')
      throw new UsageError(`\`${name}\` must be a sentence, but is empty instead`, {
        hint: 'Say what to draw, such as --prompt "a red flower with a yellow center".',
      });
    const length = [...text].length;
    if (length > maximumPromptLength)
      throw new UsageError(
        `\`${name}\` must be at most ${maximumPromptLength.toLocaleString('en-US')} characters long, but has ${length.toLocaleString('en-US')} instead`,
        { hint: 'One sentence that describes the picture is enough.' },
      );
    return text;
  });
}
