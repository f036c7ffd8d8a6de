import type { RunProgress, TrainerEpoch } from '../training/trainer-types';
import { rate } from './format';
import type { Output } from './output';

/** A trainer of any kind, as far as a command drives it. */
export interface Trainable<Metric extends string> {
  schedule: { stepCount: number };
  position: { step: number };
  done: boolean;
  trainEpoch(options: {
    signal: AbortSignal;
    onProgress: (progress: RunProgress) => void;
  }): Promise<TrainerEpoch<Metric>>;
}

/** Trains until the run is whole or the signal stops it, with progress; each epoch is an event for programs. */
export async function trainToEnd<Metric extends string>(
  output: Output,
  trainer: Trainable<Metric>,
  signal: AbortSignal,
  onEpoch: (result: TrainerEpoch<Metric>) => void = () => undefined,
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

const shortNames: Readonly<Record<string, string>> = { discriminator: 'D', generator: 'G' };

function noteOf(state: RunProgress): string {
  const losses = Object.entries(state.losses)
    .map(([name, value]) => `${shortNames[name] ?? name} ${value.toFixed(2)}`)
    .join(' ');
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
