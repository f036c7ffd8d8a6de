import { ATTRIBUTE_VALUES } from '../../data/flowers/attributes';
import type { AttributeResult } from '../attribute-result';
import { countTable, percent, points, share, table } from '../report-parts';
import { type ByHead, HEAD_ATTRIBUTES, type HeadAttribute } from './head-captions';
import type { HeadScores } from './head-scores';
import type { HeadsResult } from './measure-heads';

const HEAD_LABELS: ByHead<string> = { petalCount: 'number', petalShape: 'shape' };

const COLORS_TEXT =
  'What renders of another number and shape have above shuffled captions the heads have read from colors: the figures of a painter mean something only where that is near 0.';

/** The section on number and shape of petals; nothing where they were not measured. */
export function headsSections({ painter, heads }: AttributeResult): string[] {
  if (!heads) return [];
  return [
    '## Number and shape of petals',
    headsText(heads),
    headsTable(painter, heads),
    ...(heads.colorsAlone ? [COLORS_TEXT] : []),
    realText(heads),
    'What was read. Rows: asked. Columns: read.',
    ...HEAD_ATTRIBUTES.map((attribute) => confusion(attribute, heads.scores[attribute])),
  ];
}

function headsText({ network, captions, captionsDigest, species, shuffles }: HeadsResult): string {
  const trained =
    network.trainedClasses > 0 ? `trained on ${network.trainedClasses} classes` : 'trained without classes';
  return `Read by the heads of a feature network (${network.architecture}, ${network.fingerprint.slice(0, 12)}, ${trained}) in one picture for each of ${captions} captions an attribute, of ${species} species; captions ${captionsDigest.slice(0, 12)}. "Shuffled" is chance as measured: the same readings against captions of other species, averaged over ${shuffles} shuffles. The bar is for the better of the two.`;
}

function headsTable(painter: string, { scores, attainable, colorsAlone }: HeadsResult): string {
  const rows = [
    ...headRows(`**${painter}**`, scores),
    ...(attainable ? headRows('attainable: real renders of what was asked', attainable) : []),
    ...(colorsAlone
      ? headRows('real renders in the asked colors, of another number and shape', colorsAlone)
      : []),
  ];
  return table(['', 'attribute', 'pictures', 'asked and read', 'shuffled', 'above shuffled'], rows);
}

/** A row for each attribute: what was right, what chance is, and the difference. */
export function headRows(label: string, scores: ByHead<HeadScores>): string[][] {
  return HEAD_ATTRIBUTES.map((attribute) => {
    const { right, shuffled, above } = scores[attribute];
    return [
      label,
      HEAD_LABELS[attribute],
      String(right.trials),
      share(right),
      share(shuffled),
      points(above),
    ];
  });
}

/** What the heads read in the pack, and what one reaches who always paints the same. */
export function realText({ real, scores }: HeadsResult): string {
  const { petalCount, petalShape } = real;
  return `On ${petalCount.trials} renders of species of the split, from the pack, the heads read the number right in ${share(petalCount)} and the shape in ${share(petalShape)}: the ceiling, as far as this network can see. Who always paints the value that is asked for most has ${percent(scores.petalCount.majority)} of the numbers and ${percent(scores.petalShape.majority)} of the shapes.`;
}

function confusion(attribute: HeadAttribute, { confusion: counts }: HeadScores): string {
  const values = ATTRIBUTE_VALUES[attribute].map(String);
  const label = HEAD_LABELS[attribute];
  return `${label[0]!.toUpperCase()}${label.slice(1)}\n\n${countTable(counts, values, values)}`;
}
