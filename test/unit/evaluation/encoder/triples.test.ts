import { ATTRIBUTE_VALUES } from '../../../../ts/data/flowers/attributes';
import { attributesOf, CATALOGUE } from '../../../../ts/data/flowers/catalogue';
import { COUNT_WORDS } from '../../../../ts/data/flowers/words';
import { namedValues } from '../../../../ts/evaluation/encoder/caption-names';
import {
  type CaptionTriple,
  captionTriples,
  triplesDigest,
} from '../../../../ts/evaluation/encoder/triple-captions';
import { scoreTriples, triplesTexts } from '../../../../ts/evaluation/encoder/triples';

const triples = captionTriples('test', 60);
const indices = (text: string) => new Map([...namedValues(text)].map(([name, { index }]) => [name, index]));

test('a caption says what its species has; the paraphrase says the same in other words', () => {
  const single = Object.values(COUNT_WORDS).flatMap(({ training }) =>
    training.length === 1 ? training : [],
  );
  for (const { species, caption, paraphrase } of triples) {
    const [own, other] = [namedValues(caption), namedValues(paraphrase)];
    for (const [name, { index, word }] of own) {
      expect(ATTRIBUTE_VALUES[name][index]).toBe(attributesOf(species)[name]);
      expect([caption, paraphrase, other.get(name)?.index]).toEqual([caption, paraphrase, index]);
      if (!single.includes(word)) expect(other.get(name)!.word).not.toBe(word);
    }
    expect(other.size).toBe(own.size);
    expect(own.has('tipColor')).toBe(false);
  }
});

test('of the changed caption one attribute alone is another, and its sentence is the same', () => {
  for (const { caption, changed, attribute } of triples) {
    const [own, other] = [indices(caption), indices(changed)];
    expect([...other.keys()].sort()).toEqual([...own.keys()].sort());
    const different = [...own].filter(([name, index]) => other.get(name) !== index).map(([name]) => name);
    expect([caption, changed, different]).toEqual([caption, changed, [attribute]]);
    expect(other.get('petalColor')).not.toBe(other.get('centerColor'));
  }
  expect(new Set(triples.map(({ attribute }) => attribute)).size).toBeGreaterThan(5);
});

test('of the exchanged caption the two colors alone have changed places', () => {
  for (const { caption, exchanged } of triples) {
    const own = indices(caption);
    const swapped = new Map(own)
      .set('petalColor', own.get('centerColor')!)
      .set('centerColor', own.get('petalColor')!);
    expect([caption, exchanged, indices(exchanged)]).toEqual([caption, exchanged, swapped]);
  }
});

test('the sentences are the same each time, of the species of the split in turn', () => {
  expect(triplesDigest(captionTriples('test', 60))).toBe(triplesDigest(triples));
  expect(triplesDigest(captionTriples('validation', 60))).not.toBe(triplesDigest(triples));
  const species = CATALOGUE.filter(({ split }) => split === 'test').map(({ id }) => id);
  expect(triples.slice(0, 20).map((triple) => triple.species)).toEqual(species);
});

test('scores by hand: angles, not lengths; equal angles fail', () => {
  const triple = (species: number, attribute: CaptionTriple['attribute']): CaptionTriple => ({
    ...{ species, attribute, caption: 'a', paraphrase: 'b', changed: 'c', exchanged: 'd' },
  });
  const list = [triple(1, 'petalColor'), triple(2, 'stamens'), triple(1, 'stamens')];
  expect(triplesTexts(list)).toEqual(['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'a', 'b', 'c', 'd']);
  const rows = [
    // The paraphrase is far off, but at the smallest angle: over both.
    ...[1, 0, 90, 10, 1, 1, 0, 1],
    // The changed caption is the caption itself: not over it; the exchanged one is opposite.
    ...[0, 2, 1, 2, 0, 2, 0, -1],
    // The exchanged caption has the paraphrase's angle: not over it; the changed one is all zeros.
    ...[1, 1, 1, 2, 0, 0, 3, 6],
  ];
  const scores = scoreTriples(list, { data: Float32Array.from(rows), width: 2 }, 0);
  expect(scores.changed).toMatchObject({ successes: 2, trials: 3 });
  expect(scores.exchanged).toMatchObject({ successes: 2, trials: 3 });
  expect(
    scores.byAttribute.map(({ attribute, share }) => [attribute, share.successes, share.trials]),
  ).toEqual([
    ['petalColor', 1, 1],
    ['stamens', 1, 2],
  ]);
});
