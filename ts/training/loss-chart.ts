import { textPath } from '../data/text-label';
import type { EpochLine, GanMetric } from './metrics';

/** A curve of one metric. */
export interface Curve<Metric extends string = string> {
  metric: Metric;
  label: string;
  color: string;
}
/** Curves on one pair of axes. */
export interface Panel<Metric extends string = string> {
  title: string;
  curves: Curve<Metric>[];
  /** Upper end of the axis; `null` follows the data. */
  limit: number | null;
}

/** The curves of a GAN. */
export const ganPanels: Panel<GanMetric>[] = [
  {
    title: 'losses',
    limit: null,
    curves: [
      { metric: 'discriminatorLoss', label: 'discriminator', color: '#b3412f' },
      { metric: 'adversarialLoss', label: 'generator', color: '#2f6fb3' },
      { metric: 'modeSeekingLoss', label: 'mode seeking', color: '#8a8178' },
      { metric: 'generatorContrastiveLoss', label: 'contrastive', color: '#3f8f4f' },
      { metric: 'generatorGuideLoss', label: 'guide', color: '#c08a1e' },
      { metric: 'generatorCriticLoss', label: 'critic', color: '#7a4fa0' },
    ],
  },
  {
    title: 'scores of the discriminator',
    limit: 1,
    curves: [
      { metric: 'realScore', label: 'real', color: '#3f8f4f' },
      { metric: 'mismatchedScore', label: 'mismatched', color: '#c08a1e' },
      { metric: 'fakeScore', label: 'fake', color: '#b3412f' },
    ],
  },
];

const width = 860;
const panelHeight = 250;
const plot = { left: 56, right: 20, top: 34, bottom: 34 };
const ink = '#4a443e';

/** The curves of a run over its epochs as an SVG picture, text as outlines. The same lines give the same bytes. */
export function lossChart(lines: readonly EpochLine[], panels: readonly Panel[] = ganPanels): string {
  const height = panels.length * panelHeight;
  const parts = panels.map(
    (panel, i) => `<g transform="translate(0 ${i * panelHeight})">${draw(panel, lines)}</g>`,
  );
  const paper = '<rect width="100%" height="100%" fill="#faf8f4"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${paper}${parts.join('')}</svg>\n`;
}

function draw(panel: Panel, lines: readonly EpochLine[]): string {
  const curves = panel.curves
    .map((curve) => ({ ...curve, points: pointsOf(lines, curve.metric) }))
    .filter(({ points }) => points.length > 0);
  const { highest, cut } = shownRange(curves.map(({ points }) => points.map(([, value]) => value)));
  const top = panel.limit ?? roundUp(highest);
  const title = cut && panel.limit === null ? `${panel.title}, from above the scale` : panel.title;
  const firstEpoch = lines[0]?.epoch ?? 1;
  const lastEpoch = Math.max(lines.at(-1)?.epoch ?? 1, firstEpoch + 1);
  const x = (epoch: number) =>
    plot.left + ((epoch - firstEpoch) / (lastEpoch - firstEpoch)) * (width - plot.left - plot.right);
  const y = (value: number) =>
    panelHeight - plot.bottom - Math.min(value / top, 1) * (panelHeight - plot.top - plot.bottom);
  const text = (words: string, size: number, at: { x: number; y: number; fill?: string }) =>
    textPath(words, { face: 'plain', size }, { fill: ink, ...at });
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(share * top).toFixed(1);
    const label = text(String(Number((share * top).toPrecision(3))), 11, { x: 14, y: Number(at) + 4 });
    return `<path stroke="#00000018" d="M${plot.left} ${at}H${width - plot.right}"/>${label}`;
  });
  const labels = curves.map(({ label, color }, i) =>
    text(label, 12, { x: width - plot.right - 110 * (curves.length - i), y: 20, fill: color }),
  );
  const paths = curves.map(({ color, points }) => {
    const d = points.map(
      ([epoch, value], i) => `${i === 0 ? 'M' : 'L'}${x(epoch).toFixed(1)} ${y(value).toFixed(1)}`,
    );
    return `<path fill="none" stroke="${color}" stroke-width="1.6" stroke-linecap="round" d="${d.join('')}${points.length === 1 ? 'h0.1' : ''}"/>`;
  });
  const bottom = panelHeight - plot.bottom + 18;
  const ends = [
    text(`epoch ${firstEpoch}`, 11, { x: plot.left, y: bottom }),
    text(`epoch ${lastEpoch}`, 11, { x: width - plot.right - 60, y: bottom }),
  ];
  return [text(title, 14, { x: plot.left, y: 20 }), ...grid, ...labels, ...paths, ...ends].join('');
}

/** [epoch, value] of the finite values of a metric, at most about a thousand of them. */
function pointsOf(lines: readonly EpochLine[], metric: string): [number, number][] {
  const stride = Math.ceil(lines.length / 1000);
  return lines.flatMap((line, i): [number, number][] => {
    const value = (line as unknown as Record<string, unknown>)[metric];
    const drawn = i % stride === 0 || i === lines.length - 1;
    return drawn && typeof value === 'number' && Number.isFinite(value) ? [[line.epoch, value]] : [];
  });
}

/** How often the first epoch may stand above all later ones before it is cut off, so that these can be seen. */
const farAbove = 10;

/** The highest value that is shown, and whether the first epoch goes beyond. */
function shownRange(curves: readonly (readonly number[])[]): { highest: number; cut: boolean } {
  const first = Math.max(0, ...curves.map((values) => values[0] ?? 0));
  const later = Math.max(0, ...curves.flatMap((values) => values.slice(1)));
  const cut = later > 0 && first > farAbove * later;
  return { highest: cut ? later : Math.max(first, later), cut };
}

/** The next of 1, 2, 5, 10, ... that is not less than a value. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((digit) => digit * power).find((candidate) => candidate >= value) ?? 10 * power;
}
