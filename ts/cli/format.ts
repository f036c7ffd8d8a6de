/** 1234567 -> "1,234,567". */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A duration as a person says it: "42 s", "3:07 min", "2:05 h"; `?` where it is not known. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '?';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [large, small, unit] =
    whole < 3600 ? [whole / 60, whole % 60, 'min'] : [whole / 3600, (whole % 3600) / 60, 'h'];
  return `${Math.floor(large)}:${String(Math.floor(small)).padStart(2, '0')} ${unit}`;
}

/** Items per second with about three figures: "0.42/s", "7.31/s", "52.4/s", "1,234/s". */
export function rate(perSecond: number): string {
  if (!Number.isFinite(perSecond) || perSecond <= 0) return '?/s';
  if (perSecond >= 1000) return `${count(perSecond)}/s`;
  return `${perSecond.toFixed(perSecond < 10 ? 2 : perSecond < 100 ? 1 : 0)}/s`;
}

/** Bytes in powers of 1,000, as disks are sold: "512 B", "48.2 MB". */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? scaled : scaled.toFixed(1)} ${units[unit]}`;
}

/** Rows of two or more columns, left-aligned, for a person to read. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join('  ');
  return rows.map((row) => `${indent}${line(row)}`.trimEnd()).join('\n');
}
