import type { AttributeResult } from './attribute-result';
import { headRows, realText } from './heads/heads-report';
import { confusionTable, factList, ratio, readerText, share, table } from './report-parts';

/** Markdown: what the measure says of painters whose score is known beforehand. */
export function controlsReport(results: AttributeResult[], facts: string[]): string {
  const first = results[0]!;
  const reference = first.reference;
  const rows = results.map((result) => colorRow(result.painter, result.all.scores, result));
  rows.push(colorRow(`${first.painter}, captions shuffled`, first.shuffled.scores));
  if (reference) {
    const cells = [share(reference.petal), share(reference.center), '', '', '', ''];
    rows.push(['linear classifier on the embedding', ...cells]);
  }
  const sections = [
    '# The measure of attributes, on painters whose score is known',
    factList([
      ...facts,
      `split: ${first.split}, ${first.species} species of one petal color; catalogue version ${first.catalogueVersion}`,
      `${first.all.captions} captions, ${first.twins.captions} of them twins; captions ${first.captionsDigest.slice(0, 12)}`,
    ]),
    'No model is in this table, only painters whose score is known (docs/evaluation.md). Shares with 95 % intervals; chance is 1 of 8 colors, 12.5 %.',
    table(['painter', 'petal', 'center', 'both', 'exchanged', 'pairs of twins', 'diversity'], rows),
    'The painter of one disc has no center to find, so nothing of it may score. The painter of two discs scores, since the measure asks for colors and not for shapes: what it says of a model holds together with a look at the pictures. The renderer varies as the pack does, so its diversity is near 1.',
    ...headsControls(results),
    '## Reader',
    readerText(first),
    '## What was read in real renders',
    'Rows: asked. Columns: read.',
    `Petals\n\n${confusionTable(first.all.scores.petalConfusion)}`,
    `Centers\n\n${confusionTable(first.all.scores.centerConfusion)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Number and shape; nothing where they were not measured. */
function headsControls(results: AttributeResult[]): string[] {
  const heads = results[0]!.heads;
  if (!heads) return [];
  const rows = results.flatMap(({ painter, heads }) => (heads ? headRows(painter, heads.scores) : []));
  return [
    '## Number and shape of petals',
    `Read by the heads of a feature network (${heads.network.architecture}, ${heads.network.fingerprint.slice(0, 12)}). Discs have neither, so what they have above shuffled captions the heads have read from colors.`,
    table(['painter', 'attribute', 'pictures', 'asked and read', 'shuffled', 'above shuffled'], rows),
    realText(heads),
  ];
}

function colorRow(
  label: string,
  scores: AttributeResult['all']['scores'],
  result?: AttributeResult,
): string[] {
  const cells = [scores.petal, scores.center, scores.both, scores.swapped].map(share);
  return [
    label,
    ...cells,
    result ? share(result.twins.pairs.bothRight) : '',
    result ? ratio(result.diversity) : '',
  ];
}
