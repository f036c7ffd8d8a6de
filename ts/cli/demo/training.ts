import type { TrainingInput } from '../../models/option-schema';
import { packagedEncoder, packagedFeatures } from '../../models/packaged';

/**
 * How a demo trains: the preset `small` with a guide and its critic, so that pictures follow the shapes that a sentence
 * tells and not its colors alone; at twice its learning rate, for fewer steps (docs/decisions.md).
 */
export const demoTraining = {
  preset: 'small',
  steps: 1100,
  textEncoder: { file: packagedEncoder },
  guide: { weight: 2, criticWeight: 4, network: packagedFeatures },
  data: { groupSize: 4 },
  modeSeeking: { weight: 0.15 },
  adam: { learningRate: 6e-4 },
  learningRateDecay: { every: 8 },
} as const satisfies TrainingInput;
