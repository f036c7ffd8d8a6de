import type { Dataset } from '../data/dataset';
import { Likeness } from '../data/likeness';
import { EpochPlanner } from '../data/plan';
import { planSource } from '../data/plan-source';
import { readFloatRows } from '../formats/float-rows';
import { ensureEmbeddings } from '../models/embeddings';
import { type Engine, openEngine } from '../models/engine';
import type { FeatureSource } from '../models/feature-network';
import { refuseTooMuchMemory } from '../models/memory-estimate';
import type { TrainingOptions } from '../models/option-schema';
import { choosePrecision } from '../models/precision';
import type { GuideProvenance } from '../models/provenance';
import type { TextEncoder } from '../models/text-encoder';
import type {
  FlorigenAddon,
  NativeDevice,
  NativeGanOptions,
  NativePrecision,
  NativeTensorRef,
} from '../native/addon';
import { nativeFineTuning, requireNetwork, withCurrentEncoder, writeEncoder } from './fine-tuning';
import { writeGuide } from './guide';
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
  /** What files say of the guide; without one undefined. */
  ofGuide: GuideProvenance | undefined;
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
  chosen: {
    options: TrainingOptions;
    dataset: Dataset;
    encoder: TextEncoder;
    /** Whose weights are written; null without a guide, and where a checkpoint has them. */
    guide: FeatureSource | null;
    ofGuide: GuideProvenance | undefined;
  },
  hooks: SetupHooks,
  addon?: FlorigenAddon,
): Promise<GanParts> {
  const { dataset, encoder, ofGuide } = chosen;
  const size = trainingSize(dataset);
  const planner = new EpochPlanner(planSource(dataset, size), planOptions(chosen.options));
  const engine = openEngine({ device: chosen.options.device, threads: chosen.options.threads }, addon);
  const precision = choosePrecision(chosen.options.precision, engine.device);
  const options = { ...chosen.options, precision };
  const images = dataset.tensorRef(`images/${size}`);
  const sizes = { imageBytes: images.bytes, captionCount: dataset.captionCount, encoder };
  refuseTooMuchMemory(options, sizes, engine);
  const machine = { device: engine.device, precision };
  const text = await textSource({ options, dataset, encoder }, machine, hooks);
  const source = { images, textSize: encoder.sizes.sentence, ...text };
  const likeness = await likenessOfCaptions(options, text.sentenceEmbeddings);
  const native = await NativeGan.create(engine.addon, nativeGanOptions(options, source, machine));
  try {
    await writeGuide(native, chosen.guide);
    if (options.fineTune !== undefined) await writeEncoder(native, requireNetwork(encoder, options.fineTune));
    const schedule = new Schedule(options, planner.stepsPerEpoch);
    return withWork({ options, dataset, encoder, ofGuide, planner, schedule, engine, native }, likeness);
  } catch (error) {
    await native.dispose();
    throw error;
  }
}

/** The embeddings of all captions, or the network that makes them where it learns. */
async function textSource(
  { options, dataset, encoder }: Pick<GanCore, 'options' | 'dataset' | 'encoder'>,
  machine: { device: NativeDevice; precision: NativePrecision },
  { onEmbedding, signal }: SetupHooks,
): Promise<Pick<NativeGanOptions, 'sentenceEmbeddings' | 'fineTuning'>> {
  const { fineTune, deterministic } = options;
  if (fineTune !== undefined) {
    const network = requireNetwork(encoder, fineTune);
    const fineTuning = await nativeFineTuning(network, dataset, { ...machine, deterministic }, signal);
    return { sentenceEmbeddings: null, fineTuning };
  }
  const hooks = { ...(onEmbedding && { onProgress: onEmbedding }), ...(signal && { signal }) };
  const embeddings = await ensureEmbeddings(dataset, encoder, hooks);
  return { sentenceEmbeddings: embeddings.tensorRef('sentence'), fineTuning: null };
}

/** By which the rows of a group are near each other; null without groups. */
async function likenessOfCaptions(
  { data, seed }: TrainingOptions,
  embeddings: NativeTensorRef | null,
): Promise<Likeness | null> {
  if (data.groupSize === 1 || embeddings === null) return null;
  const [count, width] = embeddings.shape as [number, number];
  const rows = readFloatRows({ ...embeddings, count, width, stride: 4 * width });
  return await Likeness.of({ count, width, rows }, seed);
}

function withWork(core: GanCore, likeness: Likeness | null): GanParts {
  const { options, dataset, encoder, planner, schedule, native } = core;
  const prompts = samplePrompts(dataset, options.samplePrompts, options.seed);
  return {
    ...core,
    batchSize: options.batchSize,
    release: async () => await encoder.dispose?.(),
    plan: ({ epoch, stepCount }) =>
      planner.plan(
        {
          epoch,
          stepCount,
          learningRate: schedule.learningRateAt(epoch),
          modeSeekingWeight: schedule.modeSeekingWeightAt(epoch),
          encoderLearningRate: schedule.encoderLearningRateAt(epoch),
        },
        likeness,
      ),
    lineOf: (epoch) => ({
      modeSeekingWeight: schedule.modeSeekingWeightAt(epoch),
      ...(options.fineTune && { encoderLearningRate: schedule.encoderLearningRateAt(epoch)! }),
    }),
    drawGrid: async (at) =>
      schedule.drawsSamples(at.epoch)
        ? await withCurrentEncoder(core, (current) => drawGrid(native, current, prompts, at))
        : null,
    writeState: async (file, step, frozen) => await saveState({ ...core, options: frozen }, file, step),
  };
}
