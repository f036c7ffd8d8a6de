import { wordsIn } from './word-vocabulary';

/** The words of all captions as numbers, each once a caption. */
export interface CaptionWords {
  /** [captions + 1]: the words of caption `c` are `word[start[c]] .. word[start[c + 1] - 1]`. */
  start: Int32Array;
  word: Int32Array;
  /** By word: ln(captions / captions that have it), squared. */
  weight: Float64Array;
}

/** Numbers the words of captions and weighs them by how rare they are. */
export function captionWords(captions: readonly string[]): CaptionWords {
  const places = new Map<string, number>();
  const counts: number[] = [];
  const word: number[] = [];
  const start = new Int32Array(captions.length + 1);
  captions.forEach((text, caption) => {
    for (const name of new Set(wordsIn(text))) {
      const place = places.get(name) ?? places.size;
      places.set(name, place);
      counts[place] = (counts[place] ?? 0) + 1;
      word.push(place);
    }
    start[caption + 1] = word.length;
  });
  const weight = Float64Array.from(counts, (count) => Math.log(captions.length / count) ** 2);
  return { start, word: Int32Array.from(word), weight };
}
