import { attributeCaptions } from '../../../ts/evaluation/attribute-captions';
import { generatorPainter, type PromptGenerator } from '../../../ts/evaluation/painters';

test('the generator painter asks seed by seed, shows sentences alone, and keeps the order', async () => {
  const captions = attributeCaptions('validation').plain.slice(0, 80);
  const calls: { prompts: string[]; count: number; seed: number }[] = [];
  const generator: PromptGenerator = {
    generate: async ({ prompts, count, seed }) => {
      calls.push({ prompts, count, seed });
      return prompts.map((prompt) => ({
        data: Uint8Array.of(captions.findIndex((c) => c.text === prompt)),
        width: 64,
      }));
    },
  };
  const requests = captions.map((caption, i) => ({ caption, seed: i % 2 }));
  const done: number[] = [];
  const paintings = await generatorPainter(generator).paint(requests, { onProgress: (n) => done.push(n) });
  expect(paintings.map((painting) => painting.rgb[0])).toEqual(captions.map((_, i) => i));
  expect(calls.every(({ prompts, count }) => prompts.length <= 32 && count === 1)).toBe(true);
  expect(new Set(calls.map(({ seed }) => seed))).toEqual(new Set([0, 1]));
  expect(done.at(-1)).toBe(80);
});
