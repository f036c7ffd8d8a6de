import { performance } from 'node:perf_hooks';
import { type ImportReport, importFolder } from '../../data/import-folder';
import type { Action, CommandContext } from '../context';
import { prepareOutputFile } from '../existing-file';
import { count, table } from '../format';
import { reportPack } from '../pack-report';

interface Options {
  out: string;
  sizes: number[];
  resize: 'squash' | 'crop';
  name?: string;
  seed: number;
  force?: boolean;
}

const shownSkips = 20;

export const run: Action<Options> = async (context, options, [folder]) => {
  await prepareOutputFile(options.out, { force: options.force, flag: '--out' });
  const { signal } = context.listen('stopping; nothing is kept of a pack that is not whole.');
  const started = performance.now();
  const progress = context.output.progress({ title: 'Packing', unit: 'images', total: 0 });
  let report: ImportReport;
  try {
    report = await importFolder({
      ...options,
      folder: folder!,
      path: options.out,
      signal,
      onProgress: ({ done, total }) => progress.update(done, { total }),
    });
  } finally {
    progress.end();
  }
  reportSkipped(context, report);
  await reportPack(context.output, options.out, (performance.now() - started) / 1000);
  return undefined;
};

/** Names what is not in the pack: by thousands in JSON, the first twenty for a person. */
function reportSkipped({ output }: CommandContext, { skipped }: ImportReport): void {
  if (skipped.length === 0) return;
  output.event('skipped', { count: skipped.length, skipped });
  const rows = skipped.slice(0, shownSkips).map(({ file, reason }) => [file, reason]);
  const more = skipped.length > shownSkips ? `\n  ... (--json lists all)` : '';
  output.remark(`Skipped ${count(skipped.length)}:\n${table(rows)}${more}`);
}
