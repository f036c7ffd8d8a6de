import { renderFlower } from '../data/flowers/render';
import { drawVariation } from '../data/flowers/variation';
import { PhiloxStream, PURPOSE } from '../data/philox';
import { FlorigenError } from '../errors';
import { cutAsTrained, STORED_SIZE } from './cut';
import type { Painter, Painting, PaintRequest } from './painter';
import { EVALUATION_PASS } from './statistics';

/** What the evaluation needs of a generator; `Generator` is one. */
export interface PromptGenerator {
  generate(options: {
    prompts: string[];
    count: number;
    seed: number;
    signal?: AbortSignal;
  }): Promise<{ data: Uint8Array; width: number }[]>;
}

/** Requests per call, so that a generator works in batches and a stop is quick. */
const PROMPTS_PER_CALL = 32;

/** The model: it sees the sentence and the noise, nothing else of the request. */
export function generatorPainter(generator: PromptGenerator, name = 'the model'): Painter {
  return {
    name,
    async paint(requests, { signal, onProgress } = {}) {
      const paintings = new Array<Painting>(requests.length);
      let done = 0;
      for (const [seed, places] of bySeed(requests)) {
        for (let first = 0; first < places.length; first += PROMPTS_PER_CALL) {
          const part = places.slice(first, first + PROMPTS_PER_CALL);
          const prompts = part.map((place) => requests[place]!.caption.text);
          const images = await generator.generate({ prompts, count: 1, seed, signal });
          images.forEach((image, i) => {
            paintings[part[i]!] = { rgb: image.data, side: image.width };
          });
          done += part.length;
          onProgress?.(done);
        }
      }
      return paintings;
    },
  };
}

/**
 * The renderer as a painter: it draws just what the caption's attributes say, cut as a trainer cuts, so what it misses
 * is missed by the reader. Its scores are the attainable maximum.
 */
export function renderPainter(): Painter {
  return {
    name: 'real renders of what was asked',
    async paint(requests, { signal, onProgress } = {}) {
      const paintings: Painting[] = [];
      for (const { caption, seed } of requests) {
        if (signal?.aborted) throw new FlorigenError('ABORTED', 'The evaluation was stopped.');
        const flower = await renderFlower(
          caption.attributes,
          drawVariation(seed, caption.number),
          STORED_SIZE,
        );
        const random = new PhiloxStream(seed, PURPOSE.evaluation, {
          pass: EVALUATION_PASS.renders,
          row: caption.number,
        });
        paintings.push(cutAsTrained(flower.pixels, STORED_SIZE, random));
        onProgress?.(paintings.length);
      }
      return paintings;
    },
  };
}

function bySeed(requests: PaintRequest[]): Map<number, number[]> {
  const places = new Map<number, number[]>();
  requests.forEach(({ seed }, place) => {
    const list = places.get(seed);
    if (list) list.push(place);
    else places.set(seed, [place]);
  });
  return places;
}
