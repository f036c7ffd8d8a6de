import { checkedPrompts } from '../../models/prompts';
import { loadTextEncoder } from '../../models/text-encoders';
import type { Action } from '../context';

export const run: Action<object> = async ({ output }, _, [file, ...sentences]) => {
  const hint = 'Give each sentence as one argument, in quotes, as in "a red flower".';
  const texts = checkedPrompts(sentences, 'sentences', hint);
  const encoder = await loadTextEncoder(file!);
  const { data, shape } = (await encoder.encode(texts)).sentence;
  for (const [i, text] of texts.entries()) {
    const embedding = [...data.subarray(i * shape[1], (i + 1) * shape[1])];
    output.result('embedding', { text, embedding }, JSON.stringify({ text, embedding }));
  }
  await encoder.dispose?.();
  return undefined;
};
