import type { ColorName } from '../../../ts/data/flowers/palette';
import type { AttributeCaption } from '../../../ts/evaluation/attribute-captions';
import {
  type ColorAnswer,
  scoreColors,
  scoreGradients,
  scoreTwins,
} from '../../../ts/evaluation/color-scores';

type Read = ColorName | null;

function answer(
  number: number,
  [petal, center, tip]: [ColorName, ColorName, ColorName?],
  [readPetal, readCenter, readInner = readPetal, readOuter = readPetal]: [Read, Read, Read?, Read?],
): ColorAnswer {
  const region = (color: Read) => ({ color, lab: null, share: color ? 0.1 : 0 });
  return {
    caption: {
      number,
      species: number % 2,
      petal,
      center,
      tip: tip ?? null,
      text: '',
    } as unknown as AttributeCaption,
    reading: {
      petal: region(readPetal),
      center: region(readCenter),
      innerPetal: region(readInner),
      outerPetal: region(readOuter),
    },
  };
}

const originals = [
  answer(0, ['red', 'blue'], ['red', 'blue']),
  answer(1, ['red', 'blue'], ['blue', 'red']),
  answer(2, ['pink', 'white'], ['pink', null]),
  answer(3, ['pink', 'white'], ['orange', 'white']),
];

describe('scoreColors', () => {
  const scores = scoreColors(originals, 0);

  test('counts petal, center, both and exchanged; a missing region is wrong', () => {
    expect(scores.petal).toMatchObject({ successes: 2, trials: 4 });
    expect(scores.center).toMatchObject({ successes: 2, trials: 4 });
    expect(scores.both).toMatchObject({ successes: 1, trials: 4 });
    expect(scores.swapped).toMatchObject({ successes: 1, trials: 4 });
  });

  test('keeps what was read instead', () => {
    const pink = 4;
    const white = 3;
    expect(scores.petalConfusion[pink]).toEqual([0, 1, 0, 0, 1, 0, 0, 0, 0]);
    expect(scores.centerConfusion[white]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 1]);
  });
});

test('scoreTwins wants both colors of both pictures', () => {
  const twins = [
    answer(0, ['blue', 'red'], ['blue', 'red']),
    answer(2, ['white', 'pink'], ['white', 'pink']),
  ];
  expect(scoreTwins(originals, twins, 0)).toMatchObject({ pairs: 2, bothRight: { successes: 1, trials: 2 } });
  const ignorant = [answer(0, ['blue', 'red'], ['red', 'blue'])];
  expect(scoreTwins(originals, ignorant, 0).bothRight.successes).toBe(0);
});

test('scoreGradients reads foot and tips apart', () => {
  const gradients = [
    answer(0, ['red', 'blue', 'white'], ['pink', 'blue', 'red', 'white']),
    answer(1, ['red', 'blue', 'white'], ['pink', 'blue', 'white', 'red']),
  ];
  expect(scoreGradients(gradients, 0)).toMatchObject({
    base: { successes: 1 },
    tip: { successes: 1 },
    center: { successes: 2 },
  });
});
