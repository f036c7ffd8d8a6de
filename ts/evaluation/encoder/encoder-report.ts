import type { ReportContext } from '../attribute-report';
import { factList, percent, share, table } from '../report-parts';
import type { Interval } from '../statistics';
import { AP_DEPTHS, type ClassRanking } from './class-ranking';
import type { EncoderBarName, EncoderEvaluation } from './encoder-evaluation';
import { PROBED_ATTRIBUTES } from './probes';

const BAR_LABELS: Record<EncoderBarName, string> = {
  aboveColorWords: 'top-1 above the line of color words (points)',
  petalColor: 'petal color read from embeddings',
  centerColor: 'center color read from embeddings',
  changed: 'paraphrase nearer than one attribute changed',
  exchanged: 'paraphrase nearer than colors exchanged',
};

/** Results of one encoder, or of several on the same split of one pack, as Markdown. */
export function encoderReport(
  results: readonly EncoderEvaluation[],
  { title, facts }: ReportContext,
): string {
  const first = results[0]!;
  const { data, split, seed } = first;
  const sections = [
    `# ${title}`,
    factList([
      ...facts,
      `data: ${data.name}, pack ${data.fingerprint.slice(0, 12)}; split ${split}: ${data.classes} classes, ${data.images} images, ${data.captions} captions`,
      `encoders: ${results.map(({ encoder }) => `${encoder.id} (${encoder.fingerprint.slice(0, 12)})`).join(', ')}`,
      ...featureFacts(results),
      `key of the bootstrap ${seed}`,
    ]),
    'The measure is docs/evaluation.md. Shares with 95 % intervals. Nothing here is comparable with the published 65.6 / 63.7 %, which are for real flowers.',
    ...barsSection(results),
    ...imagesSection(results),
    ...probesSection(results),
    ...triplesSection(results),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The figures of one encoder on a few lines, for a terminal. */
export function encoderSummary({ zeroShot, colorWords, bars }: EncoderEvaluation): string {
  const line = (label: string, rest: string) => `${label.padEnd(46)} ${rest}`;
  const ap = zeroShot?.ap.find(({ k }) => k === 50);
  return [
    ...(zeroShot ? [line('zero-shot top-1', share(zeroShot.top1))] : []),
    ...(ap ? [line('AP@50', `${share(ap)} of ${percent(ap.attainable)}`)] : []),
    ...(colorWords ? [line('top-1 of color words alone', share(colorWords.top1))] : []),
    ...barsOf(bars).map(([name, { bar, figure, passed }]) =>
      line(BAR_LABELS[name], `${percent(figure)}  (bar ${percent(bar)})  ${verdict(passed)}`),
    ),
  ].join('\n');
}

const verdict = (passed: boolean) => (passed ? 'passed' : 'missed');

function barsOf(bars: EncoderEvaluation['bars']) {
  return Object.entries(bars) as [EncoderBarName, NonNullable<EncoderEvaluation['bars'][EncoderBarName]>][];
}

function featureFacts(results: readonly EncoderEvaluation[]): string[] {
  const features = results.find((result) => result.features)?.features;
  if (!features) return [];
  const classes = features.trainingKnown ? '' : '; the file does not say which classes its network has seen';
  return [`image features: ${features.source.slice(0, 12) || 'one’s own'}, view 1${classes}`];
}

function barsSection(results: readonly EncoderEvaluation[]): string[] {
  const rows = results.flatMap(({ encoder, bars }) =>
    barsOf(bars).map(([name, { bar, figure, passed }]) => [
      encoder.id,
      BAR_LABELS[name],
      percent(figure),
      `at least ${percent(bar)}`,
      verdict(passed),
    ]),
  );
  return rows.length === 0 ? [] : ['## Bars', table(['encoder', '', 'measured', 'bar', ''], rows)];
}

function imagesSection(results: readonly EncoderEvaluation[]): string[] {
  const row = (label: string, ranking: ClassRanking | null, above = '') =>
    ranking ? [[label, share(ranking.top1), above, ...ranking.ap.map(share)]] : [];
  const rows = [
    ...results.flatMap(({ encoder, zeroShot, aboveColorWords: above }) =>
      row(encoder.id, zeroShot, above ? points(above) : ''),
    ),
    ...row('color words alone', results[0]!.colorWords),
    ...row('nearest class mean on features (ceiling)', nearestMean(results)),
  ];
  if (rows.length === 0) return [];
  const ranking = results.find(({ zeroShot }) => zeroShot)?.zeroShot ?? results[0]!.colorWords;
  rows.push(['attainable', '100.0 %', '', ...ranking!.ap.map(({ attainable }) => percent(attainable))]);
  const head = ['line', 'top-1', 'above color words, points', ...AP_DEPTHS.map((k) => `AP@${k}`)];
  return ['## Images by mean text', ...sharedText(results[0]!), table(head, rows)];
}

function nearestMean(results: readonly EncoderEvaluation[]): ClassRanking | null {
  return results.find((result) => result.nearestMean)?.nearestMean ?? null;
}

function sharedText({ sharedColors }: EncoderEvaluation): string[] {
  if (!sharedColors) return [];
  const { species, sharing, pairs, largestOfPair } = sharedColors;
  return [
    `${sharing} of ${species} species share petal and center color with another one (${pairs} pairs). Who knows both colors of every image, and always names the largest species of the pair, is right in ${percent(largestOfPair)}.`,
  ];
}

function probesSection(results: readonly EncoderEvaluation[]): string[] {
  const probed = results.flatMap(({ encoder, probes }) => (probes ? [{ id: encoder.id, probes }] : []));
  const first = probed[0]?.probes;
  if (!first) return [];
  const line = (label: string, cell: (i: number) => string) => [
    label,
    ...PROBED_ATTRIBUTES.map((_, i) => cell(i)),
  ];
  const rows = [
    ...probed.map(({ id, probes }) => line(id, (i) => share(probes[i]!.share))),
    line('n-grams', (i) => share(first[i]!.ngrams)),
    line('majority', (i) => percent(first[i]!.majority)),
    line('captions', (i) => String(first[i]!.share.trials)),
    ...probed.map(({ id, probes }) =>
      line(`${id}, words kept out of training`, (i) => share(probes[i]!.heldOut)),
    ),
  ];
  return [
    '## Linear probes',
    'Fitted on captions of training species, scored on captions of the split that name the attribute.',
    table(['', 'petal color', 'center color', 'petal number', 'petal shape'], rows),
  ];
}

function triplesSection(results: readonly EncoderEvaluation[]): string[] {
  const measured = results.flatMap(({ encoder, triples }) => (triples ? [{ id: encoder.id, triples }] : []));
  const first = measured[0]?.triples;
  if (!first) return [];
  const rows = measured.map(({ id, triples }) => [
    id,
    share(triples.changed),
    share(triples.exchanged),
    ...triples.byAttribute.map((one) => percent(one.share.value)),
  ]);
  const attributes = first.byAttribute.map(({ attribute, share }) => `${attribute} (${share.trials})`);
  return [
    '## Triples',
    `In how many of ${first.changed.trials} triples a paraphrase is nearer than the caption with one attribute changed, in all and by attribute, and nearer than the caption with the two colors exchanged. Sentences ${first.digest.slice(0, 12)}.`,
    table(['', 'one attribute changed', 'colors exchanged', ...attributes], rows),
  ];
}

function points({ value, low, high }: Interval & { value: number }): string {
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${(100 * value).toFixed(1)}`;
}
