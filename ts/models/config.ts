import { optionFields } from './option-fields';
import { checkTogether } from './option-rules';
import { type TrainingOptions, trainingSchema } from './option-schema';
import { optionsConfig } from './options-config';
import { defaultPreset, findPreset } from './presets';

export type { OptionDifference } from './option-differences';
export type { TrainingInput, TrainingOptions } from './option-schema';

/** The way of an option: a user's object, a preset or a JSON file in, complete frozen {@link TrainingOptions} out. */
export const TrainingConfig = optionsConfig<TrainingOptions>({
  schema: trainingSchema,
  defaultPreset,
  findPreset,
  checkTogether,
  fields: optionFields,
  command: 'train',
});
