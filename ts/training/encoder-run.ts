import { EncoderConfig, type EncoderOptions } from '../models/encoder-options';
import { type EncoderParts, encoderCheckpointFormat, encoderMetrics, setUpEncoder } from './encoder-setup';
import type { RunKind } from './open-run';
import { TrainerCheckpoint } from './trainer-checkpoint';

/** The run of a text encoder. */
export const encoderRun: RunKind<EncoderOptions, EncoderParts, TrainerCheckpoint> = {
  config: EncoderConfig,
  changeable: ['epochs', 'steps', 'saveEvery', 'keep', 'threads', 'device', 'data.pack', 'data.features'],
  logs: {
    metricNames: encoderMetrics,
    rateNames: ['learningRate'],
    panels: [
      {
        title: 'loss',
        limit: null,
        curves: [{ metric: 'encoderLoss', label: 'encoder', color: '#2f6fb3' }],
      },
      {
        title: 'own text ranked first',
        limit: 1,
        curves: [{ metric: 'accuracy', label: 'accuracy', color: '#3f8f4f' }],
      },
    ],
  },
  openState: (file) => TrainerCheckpoint.open(file, encoderCheckpointFormat),
  setUp: async (chosen, state, hooks, addon) => {
    const { features: trainedOn = null } = (state?.provenance ?? {}) as { features?: string | null };
    return await setUpEncoder({ ...chosen, trainedOn }, hooks, addon);
  },
};
