import { optionFields } from './option-fields';
import { checkTogether } from './option-rules';
import { type TrainingOptions, trainingSchema } from './option-schema';
import { isTree, type OptionTree, optionsConfig } from './options-config';
import { defaultPreset, findPreset } from './presets';

export type { OptionDifference } from './option-differences';
export type { TrainingInput, TrainingOptions } from './option-schema';

/** The options of the preset's text encoder are none of another one's. */
function forgetOtherEncoder(base: OptionTree, input: OptionTree): void {
  if (!isTree(base.textEncoder) || !isTree(input.textEncoder)) return;
  const { id } = input.textEncoder;
  if (id !== undefined && id !== base.textEncoder.id) base.textEncoder.options = {};
}

/** The way of an option: a user's object, a preset or a JSON file in, complete frozen {@link TrainingOptions} out. */
export const TrainingConfig = optionsConfig<TrainingOptions>({
  schema: trainingSchema,
  defaultPreset,
  findPreset,
  adapt: forgetOtherEncoder,
  checkTogether,
  fields: optionFields,
  command: 'train',
});
