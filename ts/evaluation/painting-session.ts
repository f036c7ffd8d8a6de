import type { AttributeCaption } from './attribute-captions';
import type { Painter, Painting } from './painter';
import { pause } from './pause';

export interface EvaluationProgress {
  phase:
    | 'painting'
    | 'reading'
    | 'real renders'
    | 'reference line'
    | 'attainable maximum'
    | 'number and shape';
  done: number;
  total: number;
}

/** What the parts of one evaluation share. */
export interface SessionOptions {
  /** First seed of the noise, uint32. */
  seed: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: EvaluationProgress) => void) | undefined;
}

/** Captions share this many noises, so that a generator can work in batches; a twin has its original's noise. */
const NOISE_COUNT = 32;

/** Has pictures painted, reports, and stops where the caller wants it. */
export class PaintingSession {
  readonly seed: number;

  constructor(private readonly options: SessionOptions) {
    this.seed = options.seed;
  }

  /** One picture a caption. @param noise 0, or 1 for a second picture of each */
  async paint(
    painter: Painter,
    captions: AttributeCaption[],
    { noise, phase }: { noise: 0 | 1; phase: EvaluationProgress['phase'] },
  ): Promise<Painting[]> {
    const { seed, signal, onProgress } = this.options;
    const requests = captions.map((caption) => ({
      caption,
      seed: (seed + 2 * (caption.number % NOISE_COUNT) + noise) % 2 ** 32,
    }));
    const report = (done: number) => onProgress?.({ phase, done, total: requests.length });
    return painter.paint(requests, { signal, onProgress: report });
  }

  /**
   * Lets the event loop run between two pieces of work.
   * @param at place of the piece to come, from 0, or of its last part
   * @throws FlorigenError `ABORTED`
   */
  async turn(phase: EvaluationProgress['phase'], at: number, total: number): Promise<void> {
    await pause(this.options.signal);
    this.options.onProgress?.({ phase, done: at + 1, total });
  }
}
