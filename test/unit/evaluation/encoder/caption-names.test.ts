import { ATTRIBUTE_VALUES, type AttributeName } from '../../../../ts/data/flowers/attributes';
import { captionsFor } from '../../../../ts/data/flowers/captions';
import { CATALOGUE } from '../../../../ts/data/flowers/catalogue';
import { PhiloxStream, PURPOSE } from '../../../../ts/data/philox';
import { colorMentions, namedValues } from '../../../../ts/evaluation/encoder/caption-names';

const said = (text: string) =>
  Object.fromEntries(
    [...namedValues(text)].map(([name, { index }]) => [name, ATTRIBUTE_VALUES[name][index]]),
  );

test.each([
  ['a bloom with jagged pumpkin petals around a tiny crimson eye', 'petal orange, center red'],
  [
    'a flower with a center of yellow; the petals are chestnut turning blush at the tips',
    'center yellow, petal brown, tip pink',
  ],
  ['pointed pumpkin petals fading to blue, a centre', 'petal orange, tip blue'],
  [
    'eight rounded blush petals tipped with lemon, a heart of ivory and no stamens',
    'petal pink, tip yellow, center white',
  ],
  ['its petals are easy to see, and the middle is milky', 'center white'],
])('%s', (text, expected) => {
  expect(
    colorMentions(text)
      .map(({ color, region }) => `${region} ${color}`)
      .join(', '),
  ).toBe(expected);
});

test('what is named and what is not', () => {
  expect(said('eight rounded blush petals tipped with lemon, a heart of ivory and no stamens')).toEqual({
    petalCount: 8,
    petalShape: 'round',
    petalColor: 'pink',
    tipColor: 'yellow',
    centerColor: 'white',
    stamens: 'none',
  });
  expect(
    said('A triple row of spiky petals with neat edges around a massive eye and a ring of short stamens.'),
  ).toEqual({
    layers: 3,
    petalShape: 'pointed',
    petalEdge: 'smooth',
    centerSize: 'large',
    stamens: 'short',
  });
});

test('of every species: nothing is named but what it has, and everything is named at times', () => {
  const times = new Map<AttributeName, number>();
  for (const { id, attributes } of CATALOGUE) {
    const stream = new PhiloxStream(3, PURPOSE.captions, { row: id });
    for (const { text } of captionsFor(attributes, stream, { count: 30, heldOutCount: 10 }))
      for (const [name, { index }] of namedValues(text)) {
        expect({ text, name, value: ATTRIBUTE_VALUES[name][index] }).toEqual({
          text,
          name,
          value: attributes[name],
        });
        times.set(name, (times.get(name) ?? 0) + 1);
      }
  }
  // By the grammar's chances of 3,060 captions: 97 % and 87 % for the two colors, a fifth to two fifths for the rest.
  expect(times.get('petalColor')! / 3060).toBeGreaterThan(0.95);
  expect(times.get('centerColor')! / 3060).toBeGreaterThan(0.85);
  for (const name of ['petalCount', 'petalShape', 'petalEdge', 'layers', 'centerSize', 'stamens'] as const)
    expect([name, times.get(name)! / 3060 > 0.12]).toEqual([name, true]);
});
