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
  return countTable(confusion, COLOR_NAMES, [...COLOR_NAMES, 'none']);
}

/** Counts `[asked][read]`. */
export function countTable(
  counts: readonly (readonly number[])[],
  asked: readonly string[],
  read: readonly string[],
): string {
  const rows = counts.map((row, i) => [asked[i]!, ...row.map((count) => (count ? String(count) : '·'))]);
  return table(['', ...read], rows);
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

/** A difference of shares with its interval. */
export function points({ value, low, high }: { value: number; low: number; high: number }): string {
  const inPoints = (number: number) => (100 * number).toFixed(1);
  return `${inPoints(value)} points [${inPoints(low)}, ${inPoints(high)}]`;
}

/** A ratio with its interval. */
export function ratio({ ratio, low, high }: AttributeResult['diversity']): string {
  return `${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}
