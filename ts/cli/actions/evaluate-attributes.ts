import { Dataset } from '../../data/dataset';
import { attributeReport, attributeSummary } from '../../evaluation/attribute-report';
import type { AttributeResult } from '../../evaluation/attribute-result';
import { evaluateAttributes } from '../../evaluation/evaluate-attributes';
import { loadHeadNetwork } from '../../evaluation/heads/head-reader';
import type { FeatureNetwork } from '../../models/feature-network';
import { Generator } from '../../models/generator';
import type { Action } from '../context';
import { ExitCode } from '../exit-codes';
import { PhaseProgress } from '../phase-progress';
import { checkReportFile, writeReportFile } from '../report-file';

interface Options {
  model: string;
  data: string;
  features?: string;
  split: 'validation' | 'test';
  seed: number;
  out?: string;
  quick?: boolean;
  strict?: boolean;
  device: 'auto' | 'cpu' | 'cuda';
  threads?: number;
}

export const run: Action<Options> = async (context, options) => {
  await checkReportFile(options.out);
  const { signal } = context.listen('stopping.');
  const dataset = await Dataset.open(options.data);
  const generator = await Generator.load(options.model, options);
  const phases = new PhaseProgress(context, 'pictures');
  let features: FeatureNetwork | undefined;
  let result: AttributeResult;
  try {
    context.output.notice(generator.notice);
    if (options.features !== undefined) features = await loadHeadNetwork(options.features, options);
    context.output.notice(features?.notice ?? '');
    const { split, seed, quick } = options;
    const about = { generator, dataset, features, split, seed, quick };
    result = await evaluateAttributes({ ...about, signal, onProgress: phases.update });
  } finally {
    phases.end();
    await features?.dispose();
    await generator.dispose();
  }
  await writeReportFile(options.out, result, () => reportText(result, options));
  context.output.result('attributes', result, attributeSummary(result));
  return options.strict && !result.passed ? ExitCode.failure : ExitCode.ok;
};

function reportText(result: AttributeResult, { model, data, features }: Options): string {
  const reader = features === undefined ? [] : [`feature network: ${features}`];
  return attributeReport(result, {
    title: `Attributes of ${model}`,
    facts: [`model: ${model}`, `data: ${data}`, ...reader],
  });
}
