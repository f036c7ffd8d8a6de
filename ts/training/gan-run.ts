import path from 'node:path';
import { TrainingConfig } from '../models/config';
import { encoderWeights } from '../models/model-file';
import type { TrainingOptions } from '../models/option-schema';
import { encoderRecord, type TextEncoder } from '../models/text-encoder';
import { createTextEncoder, loadTextEncoder, restoreTextEncoder } from '../models/text-encoders';
import type { FlorigenAddon } from '../native/addon';
import { Checkpoint } from './checkpoint';
import { type GanParts, setUpGan } from './gan-setup';
import { guideProvenance, openGuide, withGuide } from './guide';
import { ganPanels } from './loss-chart';
import { metricNames } from './metrics';
import type { RunKind } from './open-run';
import { changeableOptions } from './run-checkpoints';

/** The run of a GAN. */
export const ganRun: RunKind<TrainingOptions, GanParts, Checkpoint> = {
  config: TrainingConfig,
  changeable: changeableOptions,
  logs: { metricNames, rateNames: ['learningRate', 'encoderLearningRate'], panels: ganPanels },
  openState: (file) => Checkpoint.open(file),
  setUp: async ({ options, dataset }, checkpoint, hooks, addon) => {
    const encoder = await encoderOf(options, checkpoint, addon);
    try {
      const guide = checkpoint === null ? await openGuide(options) : null;
      const known = withGuide(named(options, encoder), guide);
      const ofGuide = guide === null ? checkpoint?.model.provenance.guide : await guideProvenance(guide);
      return await setUpGan({ options: known, dataset, encoder, guide, ofGuide }, hooks, addon);
    } catch (error) {
      await encoder.dispose?.();
      throw error;
    }
  },
};

/** The encoder that the run's embeddings were made with: a checkpoint carries it, weights and all. */
async function encoderOf(
  { textEncoder }: TrainingOptions,
  checkpoint: Checkpoint | null,
  addon?: FlorigenAddon,
): Promise<TextEncoder> {
  if (checkpoint === null) {
    if (textEncoder.file !== undefined) return await loadTextEncoder(textEncoder.file, addon);
    return await createTextEncoder(textEncoder.id, textEncoder.options);
  }
  const { model, path: file } = checkpoint;
  return await restoreTextEncoder(model.textEncoder, file, encoderWeights(model), addon);
}

/** Options that say which encoder the file held, and where the file lies from everywhere. */
function named(options: TrainingOptions, encoder: TextEncoder): TrainingOptions {
  const { file } = options.textEncoder;
  if (file === undefined) return options;
  const { id, options: own } = encoderRecord(encoder);
  return { ...options, textEncoder: { id, options: own, file: path.resolve(file) } };
}
