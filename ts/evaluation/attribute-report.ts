import type { AttributeResult, BarName, BarOutcome, ColorLine } from './attribute-result';
import { headsSections } from './heads/heads-report';
import type { FittedBy } from './linear-probe';
import { confusionTable, factList, percent, ratio, readerText, share, table } from './report-parts';

const BAR_LABELS: Record<BarName, string> = {
  petal: 'asked petal color found',
  center: 'asked center color found',
  reader: 'reader right on real renders (petal and center)',
  diversity: 'diversity (ratio)',
  numberOrShape: 'number or shape of petals, above shuffled',
};

/** What a report says besides the figures. */
export interface ReportContext {
  title: string;
  /** Lines on the machine, the model, the date; one fact each. */
  facts: string[];
}

/** The result as Markdown: bars first, then every figure with its interval, count, chance and attainable maximum. */
export function attributeReport(result: AttributeResult, { title, facts }: ReportContext): string {
  const sections = [
    `# ${title}`,
    factList([
      ...facts,
      `painter: ${result.painter}`,
      `split: ${result.split}, ${result.species} species of one petal color; catalogue version ${result.catalogueVersion}; captions ${result.captionsDigest.slice(0, 12)}`,
      `first seed ${result.seed}; one picture per caption, none left out${result.quick ? '; a quick look at a third of the captions, not a final figure' : ''}`,
    ]),
    '## Bars',
    barsTable(result),
    ...handedOn(result),
    '## Colors',
    'Shares with 95 % intervals: the wider of Wilson and a bootstrap over species. Chance is 1 of 8 colors, 12.5 %; the line "shuffled" is chance as measured: the same pictures against captions of other species.',
    colorTable(result),
    twinText(result),
    '## Gradients',
    gradientTable(result),
    '## Reader on real renders',
    readerText(result),
    '## Diversity',
    diversityText(result),
    ...headsSections(result),
    '## What was read',
    'Rows: asked. Columns: read. Plain captions and twins together.',
    `Petals\n\n${confusionTable(result.all.scores.petalConfusion)}`,
    `Centers\n\n${confusionTable(result.all.scores.centerConfusion)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The bars on a few lines, for a terminal. */
export function attributeSummary(result: AttributeResult): string {
  const lines = barsOf(result).map(
    ([name, { bar, figure, verdict }]) =>
      `${BAR_LABELS[name].padEnd(48)} ${show(name, figure).padStart(11)}  (bar ${show(name, bar)})  ${verdict}`,
  );
  return lines.join('\n');
}

function barsOf(result: AttributeResult): [BarName, BarOutcome][] {
  return Object.entries(result.bars) as [BarName, BarOutcome][];
}

function barsTable(result: AttributeResult): string {
  const rows = barsOf(result).map(([name, { bar, figure, verdict }]) => [
    BAR_LABELS[name],
    show(name, figure),
    `at least ${show(name, bar)}`,
    verdict,
  ]);
  return table(['', 'measured', 'bar', ''], rows);
}

function handedOn(result: AttributeResult): string[] {
  const names = barsOf(result).filter(([, { verdict }]) => verdict === 'handed on');
  if (names.length === 0) return [];
  const which = names.map(([name]) => BAR_LABELS[name]).join('; ');
  return [
    `The reference line is below the bar for: ${which}. What the best linear classifier cannot read from the embedding no generator with a linear text layer can be expected to paint; this bar passes to the char-CNN-RNN encoder.`,
  ];
}

function colorTable(result: AttributeResult): string {
  const row = (label: string, { scores, captions }: ColorLine) => [
    label,
    String(captions),
    ...[scores.petal, scores.center, scores.both, scores.swapped].map(share),
  ];
  const rows = [
    row('**all: plain captions and twins**', result.all),
    row('plain captions', result.plain),
    row('twins (colors exchanged)', result.twins),
    row('words kept out of training', result.heldOut),
    row('shuffled', result.shuffled),
  ];
  const { attainable, reference } = result;
  if (attainable) {
    const captions = attainable.all.petal.trials;
    rows.push(row('attainable: real renders of what was asked', { scores: attainable.all, captions }));
  }
  if (reference) {
    const count = String(reference.petal.trials);
    rows.push([
      'reference: linear classifier on the embedding',
      count,
      share(reference.petal),
      share(reference.center),
      '',
      '',
    ]);
  }
  return table(['', 'captions', 'petal', 'center', 'both', 'exchanged'], rows);
}

function twinText({ twins, reference }: AttributeResult): string {
  const pairs = `Of ${twins.pairs.pairs} pairs of a caption and its twin, both pictures had both colors in ${share(twins.pairs.bothRight)}.`;
  if (!reference) return pairs;
  return `${pairs} The linear classifiers were fitted on ${reference.fittedOn} captions of training species; chosen on validation species: ${fitted(reference.fittedBy.petal)} for petals, ${fitted(reference.fittedBy.center)} for centers.`;
}

function fitted({ loss, penalty }: FittedBy): string {
  return `${loss === 'squares' ? 'least squares' : 'logistic regression'} with penalty ${penalty}`;
}

function gradientTable({ gradient, reader, attainable }: AttributeResult): string {
  const row = (label: string, scores: AttributeResult['gradient']['scores']) => [
    label,
    String(scores.tip.trials),
    share(scores.base),
    share(scores.tip),
    share(scores.center),
  ];
  const rows = [row('captions that name two petal colors', gradient.scores)];
  if (attainable) rows.push(row('attainable: real renders of what was asked', attainable.gradient));
  rows.push(row('real renders of the pack', reader.gradient));
  return `No bar. The foot is read from the fifth of the petal pixels nearest to the center, the tips from the outer half.\n\n${table(['', 'pictures', 'foot', 'tips', 'center'], rows)}`;
}

function diversityText({ diversity }: AttributeResult): string {
  const { painted, rendered, paintedPairs, renderedPairs } = diversity;
  return `Mean absolute difference of two noises of one caption: ${painted.toFixed(4)} (${paintedPairs} pairs). Of two renders of one species: ${rendered.toFixed(4)} (${renderedPairs} pairs). Ratio ${ratio(diversity)}; a painter that ignores its noise has 0, the renderer itself 1.`;
}

function show(name: BarName, value: number): string {
  if (name === 'diversity') return value.toFixed(2);
  return name === 'numberOrShape' ? `${(100 * value).toFixed(1)} points` : percent(value);
}
