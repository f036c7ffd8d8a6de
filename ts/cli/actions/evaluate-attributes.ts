import { Dataset } from '../../data/dataset';
import { mustBe, UsageError } from '../../errors';
import { attributeReport, attributeSummary } from '../../evaluation/attribute-report';
import type { AttributeResult } from '../../evaluation/attribute-result';
import { evaluateAttributes } from '../../evaluation/evaluate-attributes';
import type { EvaluationProgress } from '../../evaluation/measure-attributes';
import { writeFileAtomic } from '../../formats/atomic-file';
import { Generator } from '../../models/generator';
import type { Action, CommandContext } from '../context';
import { prepareOutputFile } from '../existing-file';
import { ExitCode } from '../exit-codes';
import type { Progress } from '../progress';

interface Options {
  model: string;
  data: string;
  split: 'validation' | 'test';
  seed: number;
  out?: string;
  quick?: boolean;
  strict?: boolean;
  device: 'auto' | 'cpu' | 'cuda';
  threads?: number;
}

export const run: Action<Options> = async (context, options) => {
  await checkOutput(options.out);
  const { signal } = context.listen('stopping.');
  const dataset = await Dataset.open(options.data);
  const generator = await Generator.load(options.model, options);
  const phases = new Phases(context);
  let result: AttributeResult;
  try {
    const { split, seed, quick } = options;
    const onProgress = (progress: EvaluationProgress) => phases.update(progress);
    result = await evaluateAttributes({ generator, dataset, split, seed, quick, signal, onProgress });
  } finally {
    phases.end();
    await generator.dispose();
  }
  if (options.out !== undefined) await writeFileAtomic(options.out, reportText(options.out, result, options));
  context.output.result('attributes', result, attributeSummary(result));
  return options.strict && !result.passed ? ExitCode.failure : ExitCode.ok;
};

async function checkOutput(out: string | undefined): Promise<void> {
  if (out === undefined) return;
  if (!/\.(md|json)$/.test(out)) throw new UsageError(mustBe('--out', 'a .md or a .json file', out));
  await prepareOutputFile(out, { force: true, flag: '--out' });
}

function reportText(out: string, result: AttributeResult, { model, data }: Options): string {
  if (out.endsWith('.json')) return `${JSON.stringify(result, null, 2)}\n`;
  return attributeReport(result, {
    title: `Attributes of ${model}`,
    facts: [`model: ${model}`, `data: ${data}`],
  });
}

/** A bar for each phase, one after the other. */
class Phases {
  private phase: EvaluationProgress['phase'] | null = null;
  private progress: Progress | null = null;

  constructor(private readonly context: CommandContext) {}

  update({ phase, done, total }: EvaluationProgress): void {
    if (phase !== this.phase) {
      this.end();
      this.phase = phase;
      const title = `${phase[0]!.toUpperCase()}${phase.slice(1)}`;
      this.progress = this.context.output.progress({ title, unit: 'pictures', total });
    }
    this.progress?.update(done, { total });
  }

  end(): void {
    this.progress?.end();
    this.progress = null;
  }
}
