import { COLOR_NAMES } from '../data/flowers/palette';
import type { AttributeResult } from './attribute-result';
import type { Confusion } from './color-scores';
import type { Proportion } from './statistics';

/** A Markdown list, one fact a line. */
export function factList(facts: string[]): string {
  return facts.map((fact) => `- ${fact}`).join('\n');
}

export function readerText({ reader }: AttributeResult): string {
  return `Fitted on training species only. On ${reader.both.trials} renders of species of the split: petal ${share(reader.petal)}, center ${share(reader.center)}, both ${share(reader.both)}.`;
}

export function confusionTable(confusion: Confusion): string {
  const rows = confusion.map((row, i) => [
    COLOR_NAMES[i]!,
    ...row.map((count) => (count ? String(count) : '·')),
  ]);
  return table(['', ...COLOR_NAMES, 'none'], rows);
}

export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function share({ value, low, high }: Pick<Proportion, 'value' | 'low' | 'high'>): string {
  return Number.isNaN(value) ? 'none' : `${percent(value)} [${percent(low)}, ${percent(high)}]`;
}

export function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** A ratio with its interval. */
export function ratio({ ratio, low, high }: AttributeResult['diversity']): string {
  return `${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}
