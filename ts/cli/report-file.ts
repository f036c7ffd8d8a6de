import { mustBe, UsageError } from '../errors';
import { writeFileAtomic } from '../formats/atomic-file';
import { prepareOutputFile } from './existing-file';

/** Refuses, before anything is measured, a report that could not be written. */
export async function checkReportFile(out: string | undefined): Promise<void> {
  if (out === undefined) return;
  if (!/\.(md|json)$/.test(out)) throw new UsageError(mustBe('--out', 'a .md or a .json file', out));
  await prepareOutputFile(out, { force: true, flag: '--out' });
}

/** Writes a result as JSON, or what `markdown` makes of it. */
export async function writeReportFile(
  out: string | undefined,
  result: object,
  markdown: () => string,
): Promise<void> {
  if (out === undefined) return;
  const text = out.endsWith('.json') ? `${JSON.stringify(result, null, 2)}\n` : markdown();
  await writeFileAtomic(out, text);
}
