import { Dataset } from '../../data/dataset';
import type { EncoderEvaluation } from '../../evaluation/encoder/encoder-evaluation';
import { encoderReport, encoderSummary } from '../../evaluation/encoder/encoder-report';
import { evaluateEncoder } from '../../evaluation/encoder/evaluate-encoder';
import { openEngine } from '../../models/engine';
import { openTextEncoder } from '../../models/open-encoder';
import type { TextEncoder } from '../../models/text-encoder';
import type { Action, CommandContext } from '../context';
import { ExitCode } from '../exit-codes';
import { PhaseProgress } from '../phase-progress';
import { checkReportFile, writeReportFile } from '../report-file';

interface Options {
  data: string;
  split: 'validation' | 'test';
  features?: string;
  out?: string;
  strict?: boolean;
  threads?: number;
}

export const run: Action<Options> = async (context, options, [source]) => {
  await checkReportFile(options.out);
  const { signal } = context.listen('stopping.');
  const dataset = await Dataset.open(options.data);
  const encoder = await openTextEncoder(source!);
  setThreads(context, encoder, options.threads);
  const phases = new PhaseProgress(context, 'captions');
  let result: EncoderEvaluation;
  try {
    const { split, features } = options;
    const onProgress = phases.update;
    result = await evaluateEncoder({ encoder, dataset, split, features, signal, onProgress });
  } finally {
    phases.end();
    await encoder.dispose?.();
  }
  const about = { title: `Text encoder ${source}`, facts: [`encoder: ${source}`, `data: ${options.data}`] };
  await writeReportFile(options.out, result, () => encoderReport([result], about));
  context.output.result('encoder-evaluation', result, encoderSummary(result));
  return options.strict && !result.passed ? ExitCode.failure : ExitCode.ok;
};

/** A remark and no refusal: scripts go through several encoders with the same flags. */
function setThreads({ output }: CommandContext, encoder: TextEncoder, threads: number | undefined): void {
  if (threads === undefined) return;
  if (encoder.tensors) openEngine({ device: 'cpu', threads });
  else output.remark('`--threads` changes nothing with n-grams, which have no network to compute.');
}
