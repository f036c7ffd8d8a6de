import { CheckpointError } from '../errors';
import type { SafetensorsDtype } from '../formats/safetensors';
import type { TensorSource } from '../formats/safetensors-writer';
import { encoderPrefix } from '../models/model-file';
import type { NativeTrainer } from './native-trainer';
import type { SavedState } from './run-checkpoints';

/** The state of a native trainer as the tensors of a file; each is read when it is written. */
export function stateTensors(native: NativeTrainer<string>): TensorSource[] {
  return native.manifest.map(({ name, dtype, shape }) => ({
    name,
    dtype: dtype as SafetensorsDtype,
    shape,
    data: () => native.read(name),
  }));
}

/**
 * Copies a checkpoint into a native trainer. The names, types and shapes of all tensors are compared first, so a
 * refused checkpoint leaves the trainer as it was.
 * @throws CheckpointError naming the first tensor that is missing, of another shape, or not known here
 */
export async function restoreState(native: NativeTrainer<string>, checkpoint: SavedState): Promise<void> {
  const { tensors } = checkpoint;
  const refuse = (what: string): never => {
    throw new CheckpointError(`\`${checkpoint.path}\` does not fit this run: ${what}.`, {
      hint: 'It was written by other options or another version of florigen.',
    });
  };
  const known = new Set(native.manifest.map((info) => info.name));
  for (const { name, dtype, shape } of native.manifest) {
    const tensor = tensors.get(name) ?? refuse(`it has no tensor ${name}`);
    const is = `${tensor.dtype} [${tensor.shape.join(', ')}]`;
    const due = `${dtype} [${shape.join(', ')}]`;
    if (is !== due) refuse(`tensor ${name} must be ${due}, but is ${is} instead`);
  }
  for (const name of tensors.keys())
    if (!known.has(name) && !name.startsWith(encoderPrefix)) refuse(`its tensor ${name} is not known`);
  for (const { name } of native.manifest) await native.write(name, await checkpoint.read(name));
  const step = await native.step();
  if (step !== checkpoint.progress.step)
    refuse(`its tensors are of step ${step}, but it says step ${checkpoint.progress.step}`);
}
