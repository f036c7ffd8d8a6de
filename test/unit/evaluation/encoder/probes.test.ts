import { captionsFor } from '../../../../ts/data/flowers/captions';
import { CATALOGUE, type SplitName } from '../../../../ts/data/flowers/catalogue';
import { PhiloxStream, PURPOSE } from '../../../../ts/data/philox';
import { type NamedValue, namedValues } from '../../../../ts/evaluation/encoder/caption-names';
import { drawCaptions, type EncodedCaptions } from '../../../../ts/evaluation/encoder/encode-captions';
import { runProbes, standardizer } from '../../../../ts/evaluation/encoder/probes';

const WIDTH = 40;

/** Captions of the species of a split with made embeddings: `knows` gives the column that is 1. */
function encoded(
  split: SplitName,
  perSpecies: number,
  knows: (named: ReturnType<typeof namedValues>) => NamedValue | undefined,
): EncodedCaptions {
  const captions = CATALOGUE.filter((one) => one.split === split).flatMap(({ id, attributes }) => {
    const stream = new PhiloxStream(5, PURPOSE.captions, { row: id });
    return captionsFor(attributes, stream, { count: perSpecies, heldOutCount: 4 }).map(({ text, held }) => ({
      ...{ text, held, classId: id },
    }));
  });
  const data = new Float32Array(captions.length * WIDTH);
  for (const [i, { text }] of captions.entries()) {
    const value = knows(namedValues(text));
    if (value) data[i * WIDTH + value.index] = 1;
    data[i * WIDTH + WIDTH - 1] = 0.3 * Math.sin(i);
  }
  return { captions, rows: { data, width: WIDTH } };
}

const data = (knows: Parameters<typeof encoded>[2]) => ({
  training: encoded('training', 20, knows),
  validation: encoded('validation', 12, knows),
  measured: encoded('test', 20, knows),
});

test('what an embedding holds is read, and what it does not hold is not', async () => {
  const probes = await runProbes(
    data((named) => named.get('petalColor')),
    { seed: 0 },
  );
  const by = Object.fromEntries(probes.map((probe) => [probe.attribute, probe]));
  expect(by.petalColor!.share.value).toBe(1);
  expect(by.petalColor!.heldOut.value).toBe(1);
  // The petal color says nothing of the count: pairs of unseen species are of colors that training has otherwise.
  expect(by.petalCount!.share.value).toBeLessThan(0.6);
  expect(by.centerColor!.share.value).toBeLessThan(0.5);
});

test('only captions that name the attribute count, those in held-out words apart; the majority is the best constant', async () => {
  const parts = data((named) => named.get('petalShape'));
  const [, , , shape] = await runProbes(parts, { seed: 0 });
  const naming = parts.measured.captions.filter(({ text }) => namedValues(text).has('petalShape'));
  const plain = naming.filter(({ held }) => !held);
  expect(shape!.share.trials).toBe(plain.length);
  expect(shape!.heldOut.trials).toBe(naming.length - plain.length);
  expect(shape!.fittedOn).toBe(
    parts.training.captions.filter(({ text }) => namedValues(text).has('petalShape')).length,
  );
  const counts = [0, 1, 2, 3, 4, 5].map(
    (index) => plain.filter(({ text }) => namedValues(text).get('petalShape')!.index === index).length,
  );
  expect(shape!.majority).toBeCloseTo(Math.max(...counts) / plain.length);
});

test('numbers are centered and brought to one deviation; one that never changes becomes 0', () => {
  const scale = standardizer({ data: Float32Array.from([1, 5, 3, 5]), width: 2 });
  const root = Math.sqrt(2);
  expect([...scale(Float32Array.from([3, 9]))].map((v) => Number(v.toFixed(6)))).toEqual([
    Number((1 / root).toFixed(6)),
    0,
  ]);
});

test('captions are drawn in words of training, as many of each class, the same each time', () => {
  const captions = encoded('test', 20, () => undefined).captions;
  const drawn = drawCaptions(captions, 7);
  expect(drawn).toHaveLength(20 * 7);
  expect(drawn.some(({ held }) => held)).toBe(false);
  expect(drawCaptions(captions, 7)).toEqual(drawn);
  expect(new Set(drawn).size).toBe(drawn.length);
});
