import sharp from 'sharp';
import { lossChart } from '../../../ts/training/loss-chart';
import { type MetricsLine, meansOf, metricNames } from '../../../ts/training/metrics';

const line = (epoch: number, value: number | null): MetricsLine => ({
  ...(Object.fromEntries(metricNames.map((name) => [name, value])) as Record<
    (typeof metricNames)[number],
    number | null
  >),
  epoch,
  step: epoch * 10,
  steps: 10,
  learningRate: 2e-4,
  modeSeekingWeight: 0,
  time: { at: new Date(epoch).toISOString(), seconds: epoch, imagesPerSecond: 1 },
});

const curves = (svg: string) =>
  [...svg.matchAll(/<path fill="none"[^>]* d="([^"]+)"/g)].map((match) => match[1]!);

test('a curve falls where its values fall', () => {
  const [curve] = curves(lossChart([line(1, 2), line(2, 1), line(3, 0.5)]));
  const heights = [...curve!.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((match) => Number(match[1]));
  expect(heights).toHaveLength(3);
  expect(heights[0]).toBeLessThan(heights[1]!);
  expect(heights[1]).toBeLessThan(heights[2]!);
});

test('a first epoch far above the others is cut off at the top, and they fill the plot', () => {
  const heightsOf = (values: number[]) => {
    const [curve] = curves(lossChart(values.map((value, i) => line(i + 1, value))));
    return [...curve!.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((match) => Number(match[1]));
  };
  // 34 is the top of the plot, 216 its ground.
  expect(heightsOf([195, 2, 1, 0])).toEqual([34, 34, 125, 216]);
  expect(heightsOf([20, 2, 1, 0])).toEqual([34, 197.8, 206.9, 216]);
  expect(lossChart([line(1, 195), line(2, 2)])).not.toBe(lossChart([line(1, 2), line(2, 2)]));
});

test('what was not measured has no curve', () => {
  expect(curves(lossChart([line(1, null), line(2, null)]))).toEqual([]);
  expect(curves(lossChart([line(1, 1), line(2, 1)]))).toHaveLength(9);
  const without = { ...line(1, 1), contrastiveLoss: null, generatorContrastiveLoss: null };
  expect(curves(lossChart([without]))).toHaveLength(8);
});

test('times do not show', () => {
  const other = { ...line(1, 1), time: { at: 'later', seconds: 99, imagesPerSecond: 99 } };
  expect(lossChart([other])).toBe(lossChart([line(1, 1)]));
});

test.each([0, 1, 2, 5000])('%i lines are a picture', async (count) => {
  const svg = lossChart(Array.from({ length: count }, (_, i) => line(i + 1, Math.sin(i) + 1)));
  expect(svg.length).toBeLessThan(400_000);
  const { width, height } = await sharp(Buffer.from(svg))
    .png()
    .toBuffer({ resolveWithObject: true })
    .then(({ info }) => info);
  expect([width, height]).toEqual([860, 500]);
});

test('means are sums over counts; nothing counted is null', () => {
  const sums = Float64Array.from({ length: 13 }, (_, i) => i * 6);
  const counts = BigInt64Array.from({ length: 13 }, (_, i) => (i === 2 ? 0n : 3n));
  const means = meansOf(metricNames, sums.buffer, counts.buffer);
  expect(means).toMatchObject({
    discriminatorLoss: 0,
    realLoss: 2,
    mismatchedLoss: null,
    generatorScore: 20,
    contrastiveLoss: 22,
    generatorContrastiveLoss: 24,
  });
});
