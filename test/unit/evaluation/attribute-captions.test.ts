import { CATALOGUE } from '../../../ts/data/flowers/catalogue';
import { COLOR_NAMES, type ColorName } from '../../../ts/data/flowers/palette';
import { COLOR_WORDS } from '../../../ts/data/flowers/words';
import {
  type AttributeCaption,
  attributeCaptions,
  captionsDigest,
  quickCaptions,
} from '../../../ts/evaluation/attribute-captions';

const words = (text: string) => text.toLowerCase().match(/[a-z]+/g)!;

/** The colors that a text names, in order, by a list of words of each. */
function colorsIn(text: string, list: 'training' | 'heldOut'): ColorName[] {
  return words(text).flatMap((word) => COLOR_NAMES.filter((name) => COLOR_WORDS[name][list].includes(word)));
}

const asked = ({ petal, center }: AttributeCaption) => [petal, center].sort();

// The measure is frozen: other captions are another measure, and every figure is taken again.
const digests = { validation: 'ad3efd2c98d3', test: 'caf91bf98744' };

describe.each(['validation', 'test'] as const)('the captions of the %s species', (split) => {
  const captions = attributeCaptions(split);

  test('are 480 and 240 twins, of species of that split alone', () => {
    expect(captions.plain).toHaveLength(480);
    expect(captions.twins).toHaveLength(240);
    const ids = new Set([...captions.plain, ...captions.gradient].map((caption) => caption.species));
    expect([...ids].every((id) => CATALOGUE[id]!.split === split)).toBe(true);
    expect(ids.size).toBe(20);
  });

  test('name exactly the asked petal color and center color, in words of training', () => {
    for (const caption of [...captions.plain, ...captions.twins]) {
      expect(colorsIn(caption.text, 'training').sort()).toEqual(asked(caption));
      expect(colorsIn(caption.text, 'heldOut')).toEqual([]);
    }
  });

  test('have twins that differ in the two colors alone', () => {
    const isColor = (word: string) => colorsIn(word, 'training').length > 0;
    // "a" becomes "an" before amber.
    const rest = (text: string) =>
      words(text).filter((word) => !isColor(word) && word !== 'a' && word !== 'an');
    for (const twin of captions.twins) {
      const original = captions.plain[twin.number]!;
      expect(rest(twin.text)).toEqual(rest(original.text));
      expect([twin.petal, twin.center]).toEqual([original.center, original.petal]);
      expect(colorsIn(twin.text, 'training')).toEqual(colorsIn(original.text, 'training').reverse());
    }
  });

  test('have a counterpart in held-out words, and gradients that name three colors', () => {
    for (const caption of captions.heldOut) {
      expect(colorsIn(caption.text, 'heldOut').sort()).toEqual(asked(caption));
      expect(colorsIn(caption.text, 'training')).toEqual([]);
    }
    for (const caption of captions.gradient) {
      expect(colorsIn(caption.text, 'training').sort()).toEqual([...asked(caption), caption.tip].sort());
    }
  });

  test('are the same in every evaluation, and a quick look takes the first third', () => {
    expect(captionsDigest(captions).slice(0, 12)).toBe(digests[split]);
    const quick = quickCaptions(captions);
    expect(quick.plain).toEqual(captions.plain.slice(0, 160));
    expect(quick.twins).toEqual(captions.twins.slice(0, 80));
  });
});
