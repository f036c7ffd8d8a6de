import { CATALOGUE } from '../../../../ts/data/flowers/catalogue';
import { COLOR_NAMES } from '../../../../ts/data/flowers/palette';
import { COLOR_WORDS, COUNT_WORDS, SHAPE_WORDS } from '../../../../ts/data/flowers/words';
import { namedValues } from '../../../../ts/evaluation/encoder/caption-names';
import {
  askedValue,
  HEAD_ATTRIBUTES,
  headCaptions,
  headCaptionsDigest,
} from '../../../../ts/evaluation/heads/head-captions';

// The measure is frozen: other captions are another measure, and every figure is taken again.
const digests = { validation: '5a240db67a00', test: '89139054a6f3' };
const lists = [COLOR_WORDS, COUNT_WORDS, SHAPE_WORDS].flatMap((table) => Object.values(table));
const heldOut = new Set(lists.flatMap((list) => list.heldOut));
const words = (text: string) => text.toLowerCase().match(/[a-z]+/g)!;

describe.each(['validation', 'test'] as const)('the captions of the %s species', (split) => {
  const captions = headCaptions(split);

  test('are 480 for each attribute, of all its species and no other', () => {
    const ids = CATALOGUE.filter((species) => species.split === split).map(({ id }) => id);
    for (const attribute of HEAD_ATTRIBUTES) {
      expect(captions[attribute]).toHaveLength(480);
      expect([...new Set(captions[attribute].map(({ species }) => species))].sort()).toEqual(ids.sort());
    }
  });

  test.each(HEAD_ATTRIBUTES)(
    'name the %s of their species, one petal and one center color, in words of training',
    (attribute) => {
      for (const caption of captions[attribute]) {
        const named = namedValues(caption.text);
        const { [attribute]: asked } = CATALOGUE[caption.species]!.attributes;
        expect(named.get(attribute)!.index).toBe(askedValue(attribute, caption));
        expect(caption.attributes[attribute]).toBe(asked);
        expect(named.get('petalColor')!.index).toBe(COLOR_NAMES.indexOf(caption.petal));
        expect(named.get('centerColor')!.index).toBe(COLOR_NAMES.indexOf(caption.center));
        expect([named.has('tipColor'), caption.tip, caption.attributes.tipColor]).toEqual([
          false,
          null,
          null,
        ]);
        const colors = words(caption.text).filter((word) =>
          COLOR_NAMES.some((name) => COLOR_WORDS[name].training.includes(word)),
        );
        expect({ text: caption.text, colors: colors.length }).toEqual({ text: caption.text, colors: 2 });
        expect(words(caption.text).filter((word) => heldOut.has(word))).toEqual([]);
      }
    },
  );

  test('are the same in every evaluation; a quick look has the first', () => {
    expect(headCaptionsDigest(captions).slice(0, 12)).toBe(digests[split]);
    expect(headCaptions(split, 30).petalShape).toEqual(captions.petalShape.slice(0, 30));
  });
});
