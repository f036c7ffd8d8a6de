import type { AttributeName } from '../../data/flowers/attributes';
import { type Proportion, proportion } from '../statistics';
import { type CaptionTriple, triplesDigest } from './triple-captions';
import type { Rows } from './zero-shot';

/** In how many triples the paraphrase lies nearer than another caption. */
export interface TripleScores {
  /** SHA-256 (hex) over the sentences. */
  digest: string;
  /** Nearer than the caption with one attribute changed. */
  changed: Proportion;
  /** Nearer than the caption with the two colors exchanged. */
  exchanged: Proportion;
  /** `changed` by the attribute that was changed. */
  byAttribute: { attribute: AttributeName; share: Proportion }[];
}

/** The sentences of triples in the order of the rows that {@link scoreTriples} takes. */
export function triplesTexts(triples: readonly CaptionTriple[]): string[] {
  return triples.flatMap(({ caption, paraphrase, changed, exchanged }) => [
    caption,
    paraphrase,
    changed,
    exchanged,
  ]);
}

/** Compares angles; equal ones are failures. */
export function scoreTriples(triples: readonly CaptionTriple[], rows: Rows, seed: number): TripleScores {
  const answers = triples.map((triple, i) => {
    const [paraphrase, changed, exchanged] = [1, 2, 3].map((k) => cosine(rows, 4 * i, 4 * i + k)) as [
      number,
      number,
      number,
    ];
    return { ...triple, overChanged: paraphrase > changed, overExchanged: paraphrase > exchanged };
  });
  const share = (chosen: typeof answers, which: 'overChanged' | 'overExchanged') =>
    proportion(
      chosen.map((answer) => ({ cluster: answer.species, success: answer[which] })),
      seed,
    );
  const attributes = [...new Set(triples.map(({ attribute }) => attribute))].sort();
  return {
    digest: triplesDigest(triples),
    changed: share(answers, 'overChanged'),
    exchanged: share(answers, 'overExchanged'),
    byAttribute: attributes.map((attribute) => ({
      attribute,
      share: share(
        answers.filter((answer) => answer.attribute === attribute),
        'overChanged',
      ),
    })),
  };
}

/** The cosine of two rows; 0 where one of them is all zeros. */
function cosine({ data, width }: Rows, a: number, b: number): number {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let k = 0; k < width; k++) {
    const [x, y] = [data[a * width + k]!, data[b * width + k]!];
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return squaresA === 0 || squaresB === 0 ? 0 : product / Math.sqrt(squaresA * squaresB);
}
