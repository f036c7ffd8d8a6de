import type { AttributeResult } from './attribute-result';
import { blobPainter } from './blob-painter';
import { type MeasureAttributesOptions, measureAttributes } from './measure-attributes';
import { renderPainter } from './painters';
import type { EvaluationProgress } from './painting-session';

export type MeasureControlsOptions = Pick<
  MeasureAttributesOptions,
  'dataset' | 'split' | 'encoder' | 'features' | 'seed' | 'signal' | 'quick'
> & {
  /** Called when a painter begins a phase. */
  onProgress?: (progress: { painter: string; phase: EvaluationProgress['phase'] }) => void;
};

/** The painters whose score is known beforehand, in the order of the report. */
export const CONTROLS = [renderPainter(), blobPainter('two discs'), blobPainter('one disc')] as const;

/** Measures every control. The reference line is worked out once, with the first. */
export async function measureControls(options: MeasureControlsOptions): Promise<AttributeResult[]> {
  const { encoder, onProgress, ...rest } = options;
  const results: AttributeResult[] = [];
  for (const painter of CONTROLS) {
    let phase: string | null = null;
    results.push(
      await measureAttributes({
        ...rest,
        painter,
        attainable: false,
        encoder: results.length === 0 ? encoder : undefined,
        onProgress: (progress) => {
          if (progress.phase !== phase) onProgress?.({ painter: painter.name, phase: progress.phase });
          phase = progress.phase;
        },
      }),
    );
  }
  return results;
}
