import type { Dataset } from '../data/dataset';
import { EpochPlanner } from '../data/plan';
import { planSource } from '../data/plan-source';
import { ensureEmbeddings } from '../models/embeddings';
import { type Engine, openEngine } from '../models/engine';
import { refuseTooMuchMemory } from '../models/memory-estimate';
import type { TrainingOptions } from '../models/option-schema';
import { choosePrecision } from '../models/precision';
import type { TextEncoder } from '../models/text-encoder';
import type { FlorigenAddon } from '../native/addon';
import type { GanMetric } from './metrics';
import { NativeGan } from './native-gan';
import { nativeGanOptions, planOptions, trainingSize } from './native-options';
import { drawGrid, samplePrompts } from './sample-grid';
import { saveState } from './save-state';
import { Schedule } from './schedule';
import type { SetupHooks, TrainerParts } from './trainer-types';

/** What a GAN's run is made of. */
export interface GanCore {
  /** With the device and precision that `auto` came to mean, and the path of the pack. */
  options: TrainingOptions;
  dataset: Dataset;
  encoder: TextEncoder;
  planner: EpochPlanner;
  schedule: Schedule;
  engine: Engine;
  native: NativeGan;
}

/** All of it, as the trainer drives it. */
export interface GanParts extends GanCore, TrainerParts<TrainingOptions, GanMetric> {
  schedule: Schedule;
  native: NativeGan;
}

/** Makes everything of a run. Refuses what can be refused before any large memory is taken. */
export async function setUpGan(
  chosen: { options: TrainingOptions; dataset: Dataset; encoder: TextEncoder },
  hooks: SetupHooks,
  addon?: FlorigenAddon,
): Promise<GanParts> {
  const { dataset, encoder } = chosen;
  const size = trainingSize(dataset);
  const planner = new EpochPlanner(planSource(dataset, size), planOptions(chosen.options));
  const engine = openEngine({ device: chosen.options.device, threads: chosen.options.threads }, addon);
  const precision = choosePrecision(chosen.options.precision, engine.device);
  const options = { ...chosen.options, precision };
  const images = dataset.tensorRef(`images/${size}`);
  const sizes = { imageBytes: images.bytes, captionCount: dataset.captionCount, encoder };
  refuseTooMuchMemory(options, sizes, engine);
  const embeddings = await ensureEmbeddings(dataset, encoder, {
    ...(hooks.onEmbedding && { onProgress: hooks.onEmbedding }),
    ...(hooks.signal && { signal: hooks.signal }),
  });
  const tensors = { images, sentenceEmbeddings: embeddings.tensorRef('sentence') };
  const native = await NativeGan.create(
    engine.addon,
    nativeGanOptions(options, tensors, { device: engine.device, precision }),
  );
  const schedule = new Schedule(options, planner.stepsPerEpoch);
  return withWork({ options, dataset, encoder, planner, schedule, engine, native });
}

function withWork(core: GanCore): GanParts {
  const { options, dataset, encoder, planner, schedule, native } = core;
  const prompts = samplePrompts(dataset, options.samplePrompts, options.seed);
  return {
    ...core,
    batchSize: options.batchSize,
    release: async () => await encoder.dispose?.(),
    plan: ({ epoch, stepCount }) =>
      planner.plan({
        epoch,
        stepCount,
        learningRate: schedule.learningRateAt(epoch),
        modeSeekingWeight: schedule.modeSeekingWeightAt(epoch),
      }),
    lineOf: (epoch) => ({ modeSeekingWeight: schedule.modeSeekingWeightAt(epoch) }),
    drawGrid: async (at) =>
      schedule.drawsSamples(at.epoch) ? await drawGrid(native, encoder, prompts, at) : null,
    writeState: async (file, step, frozen) => await saveState({ ...core, options: frozen }, file, step),
  };
}
