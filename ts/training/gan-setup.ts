import { Dataset } from '../data/dataset';
import { EpochPlanner } from '../data/plan';
import { planSource } from '../data/plan-source';
import { DataError, mustBe, UsageError } from '../errors';
import { type EmbeddingProgress, ensureEmbeddings } from '../models/embeddings';
import { type Engine, openEngine } from '../models/engine';
import { refuseTooMuchMemory } from '../models/memory-estimate';
import type { TrainingOptions } from '../models/option-schema';
import { choosePrecision } from '../models/precision';
import type { TextEncoder } from '../models/text-encoder';
import type { FlorigenAddon } from '../native/addon';
import { NativeGan } from './native-gan';
import { nativeGanOptions, planOptions, trainingSize } from './native-options';
import { Schedule } from './schedule';

/** What a run is made of, besides its folder. */
export interface GanParts {
  /** With the device and precision that `auto` came to mean, and the path of the pack. */
  options: TrainingOptions;
  dataset: Dataset;
  encoder: TextEncoder;
  planner: EpochPlanner;
  schedule: Schedule;
  engine: Engine;
  gan: NativeGan;
}

/** What happens while a run is set up. */
export interface SetupHooks {
  /** Called while captions are encoded, which happens once per data set and encoder. */
  onEmbedding?: ((progress: EmbeddingProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** An opened data set, or the one at a path. @throws UsageError where there is neither; DataError */
export async function openDataset(
  data: Dataset | string | undefined,
  fallback: string | undefined,
): Promise<Dataset> {
  if (data instanceof Dataset) return data;
  const path = data ?? fallback;
  if (typeof path !== 'string' || path === '')
    throw new UsageError(mustBe('data', 'a data set or the path of a pack', path), {
      hint: 'Build one with `florigen dataset build`.',
    });
  return await Dataset.open(path);
}

/** @throws DataError where a pack is not the one that a run began with */
export function refuseOtherData(dataset: Dataset, expected: { name: string; fingerprint: string }): void {
  if (dataset.fingerprint === expected.fingerprint) return;
  throw new DataError(
    `\`${dataset.path}\` must be the data set "${expected.name}" that the run began with, but is another one.`,
    { hint: `Its fingerprint must be ${expected.fingerprint.slice(0, 16)}…, as run.json says.` },
  );
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
  const gan = await NativeGan.create(
    engine.addon,
    nativeGanOptions(options, tensors, { device: engine.device, precision }),
  );
  const schedule = new Schedule(options, planner.stepsPerEpoch);
  return { options, dataset, encoder, planner, schedule, engine, gan };
}
