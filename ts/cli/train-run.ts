import type { GanTrainer } from '../training/gan-trainer';
import type { EpochResult, TrainingProgress } from '../training/gan-trainer-types';
import { rate } from './format';
import type { Output } from './output';

/** Trains until the run is whole or the signal stops it, with progress; each epoch is an event for programs. */
export async function trainToEnd(
  output: Output,
  trainer: GanTrainer,
  signal: AbortSignal,
  onEpoch: (result: EpochResult) => void = () => undefined,
): Promise<'done' | 'stopped'> {
  const { stepCount } = trainer.schedule;
  const done = trainer.position.step;
  const progress = output.progress({ title: 'Training', unit: 'steps', total: stepCount, done });
  try {
    while (!trainer.done && !signal.aborted) {
      const result = await trainer.trainEpoch({
        signal,
        onProgress: (state) => progress.update(state.step, { note: noteOf(state) }),
      });
      progress.update(result.step);
      output.event('epoch', result);
      if (result.completed) onEpoch(result);
    }
  } finally {
    progress.end();
  }
  return trainer.done ? 'done' : 'stopped';
}

function noteOf(state: TrainingProgress): string {
  const losses = `D ${state.discriminatorLoss.toFixed(2)} G ${state.generatorLoss.toFixed(2)}`;
  const images = rate(state.imagesPerSecond).replace('/s', ' images/s');
  return `epoch ${state.epoch}/${state.epochCount}  ${images}  ${losses}`;
}

/** Hooks of a trainer's set-up: the captions are embedded once for a pack, with progress. */
export function embeddingProgress(output: Output) {
  let progress: ReturnType<Output['progress']> | null = null;
  return ({ done, total }: { done: number; total: number }): void => {
    progress ??= output.progress({ title: 'Embedding captions', unit: 'captions', total });
    progress.update(done);
    if (done >= total) progress.end();
  };
}
