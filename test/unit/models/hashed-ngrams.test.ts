import { HashedNgramEncoder, wordsOf } from '../../../ts/models/hashed-ngrams';
import { encoderRecord } from '../../../ts/models/text-encoder';
import { createTextEncoder, restoreTextEncoder, textEncoders } from '../../../ts/models/text-encoders';

const rows = async (texts: string[], encoder = new HashedNgramEncoder()) => {
  const { sentence } = await encoder.encode(texts);
  return texts.map((_, i) => sentence.data.subarray(i * sentence.shape[1], (i + 1) * sentence.shape[1]));
};
const cosine = (a: Float32Array, b: Float32Array) => {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

test('words are runs of letters and digits, lower case, composed', () => {
  expect(wordsOf('The Petals, 5-lobed, are RED!')).toEqual(['the', 'petals', '5', 'lobed', 'are', 'red']);
  expect(wordsOf('cafe\u0301')).toEqual(['caf\u00e9']);
  expect(wordsOf('...')).toEqual([]);
});

test('rows have length `scale`; a text without words is zero', async () => {
  const encoder = new HashedNgramEncoder({ scale: 5 });
  const [row, empty] = await rows(['a red flower with a yellow center', ' ?! '], encoder);
  expect(Math.hypot(...row!)).toBeCloseTo(5, 4);
  expect(empty!.every((value) => value === 0)).toBe(true);
});

test('one word is one signed entry; two words are two words and their pair', async () => {
  const [one, two] = await rows(['red', 'red petals']);
  expect([...one!].filter((value) => value !== 0).map(Math.abs)).toEqual([32]);
  expect([...two!].filter((value) => value !== 0)).toHaveLength(3);
});

test('both signs occur', async () => {
  const words = 'red blue white pink orange purple yellow violet crimson golden'.split(' ');
  const signs = (await rows(words)).map((row) => Math.sign([...row].find((value) => value !== 0)!));
  expect(new Set(signs)).toEqual(new Set([1, -1]));
});

test('order of words tells: red petals round a yellow center is not the reverse', async () => {
  const texts = ['red petals and a yellow center', 'yellow petals and a red center'];
  const [a, b] = await rows(texts);
  expect(cosine(a!, b!)).toBeLessThan(0.7);
  const [c, d] = await rows(texts, new HashedNgramEncoder({ maxOrder: 1 }));
  expect(cosine(c!, d!)).toBeCloseTo(1, 5);
});

test('case, punctuation and composition do not tell', async () => {
  const [a, b] = await rows(['Red petals, caf\u00e9.', 'red petals cafe\u0301']);
  expect(a).toEqual(b);
});

test('the numbers of a sentence never change: bundles depend on them', async () => {
  const [row] = await rows(['a red flower'], new HashedNgramEncoder({ size: 16, scale: 1 }));
  const entries = [...row!]
    .map((value, i) => [i, Math.round(value * 1e3)])
    .filter(([, value]) => value !== 0);
  expect(entries).toEqual([
    [0, -354],
    [8, 707],
    [9, -354],
    [10, 354],
    [15, -354],
  ]);
});

test('80,000 captions take seconds and leave the event loop free', async () => {
  const colors = ['red', 'crimson', 'white', 'violet', 'sunny yellow'];
  const texts = Array.from(
    { length: 20_000 },
    (_, i) =>
      `this flower has ${i % 13} ${colors[i % 5]} petals and a ${colors[(i + 2) % 5]} center number ${i}`,
  );
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const before = process.cpuUsage();
  await new HashedNgramEncoder().encode(texts);
  clearInterval(timer);
  // a quarter of the captions of the flowers: 0.3 s of a core; not the clock, for the machine may be busy
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
  expect(turns).toBeGreaterThan(5);
});

test('stops on a signal', async () => {
  await expect(new HashedNgramEncoder().encode(['a'], { signal: AbortSignal.abort() })).rejects.toMatchObject(
    { code: 'ABORTED' },
  );
});

test('the fingerprint follows the options', () => {
  const base = new HashedNgramEncoder().fingerprint;
  expect(base).toMatch(/^[0-9a-f]{64}$/);
  expect(new HashedNgramEncoder({ scale: 32 }).fingerprint).toBe(base);
  for (const other of [{ scale: 1 }, { size: 512 }, { maxOrder: 2 }])
    expect(new HashedNgramEncoder(other).fingerprint).not.toBe(base);
});

describe('the table of encoders', () => {
  test('makes an encoder that its record makes again', async () => {
    const encoder = await createTextEncoder('hashed-ngrams', { size: 64 });
    const again = await restoreTextEncoder(encoderRecord(encoder), 'x.safetensors');
    expect(again.fingerprint).toBe(encoder.fingerprint);
    expect(again.sizes.sentence).toBe(64);
  });
  test.each([
    ['hashed-ngram', {}, /`textEncoder.id` must be one of hashed-ngrams/],
    ['hashed-ngrams', { sise: 3 }, /`textEncoder.options.sise` is not an option/],
    ['hashed-ngrams', { size: 0 }, /`textEncoder.options.size` must be a positive integer, but is 0 instead/],
    ['hashed-ngrams', { scale: -1 }, /`textEncoder.options.scale` must be a positive number/],
    ['hashed-ngrams', { maxOrder: 9 }, /`textEncoder.options.maxOrder` must be an integer from 1 to 8/],
    ['toString', {}, /must be one of/],
  ])('refuses %s %j', async (id, options, message) => {
    await expect(createTextEncoder(id, options)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    });
  });
  test('refuses a record of another fingerprint', async () => {
    const record = { ...encoderRecord(new HashedNgramEncoder()), fingerprint: 'f'.repeat(64) };
    await expect(restoreTextEncoder(record, 'x.safetensors')).rejects.toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringContaining('x.safetensors'),
    });
  });
  test('every row has a sentence', () => {
    for (const kind of Object.values(textEncoders)) expect(kind.doc).toMatch(/\.$/);
  });
});
