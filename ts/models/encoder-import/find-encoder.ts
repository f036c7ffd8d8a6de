import { alphabetSize } from '../../data/alphabet';
import { refuser } from '../../formats/safetensors-header';
import { openT7 } from '../../formats/t7/file';
import { isTorchSave, openStateDict } from '../state-dict';
import type { FoundEncoder } from './found-encoder';
import { findStateDictEncoder } from './state-dict-encoder';
import { findTorch7Encoder } from './torch7-encoder';

/** How a file is named that holds no such encoder. */
export const encoderReadOptions = { kind: 'a text encoder of Torch7 or PyTorch' };

/**
 * Recognizes a text encoder in somebody else's file by its content: a Torch7 file of the authors' training, or the
 * state dict of the published PyTorch port, by `torch.save` or, where its name ends so, in safetensors. Its weights
 * are read when asked for.
 * @throws DataError for a damaged file, another architecture or a file of another kind, in one sentence; code `IO`
 */
export async function findEncoder(path: string): Promise<FoundEncoder> {
  const fail = refuser(path, encoderReadOptions);
  const stateDict = path.endsWith('.safetensors') || (await isTorchSave(path, encoderReadOptions));
  const found = stateDict
    ? findStateDictEncoder(await openStateDict(path, encoderReadOptions), fail)
    : await findTorch7Encoder(await openT7(path, encoderReadOptions), fail);
  refuseOtherInput(found, fail);
  return found;
}

/** Every character or word must have its channel; of words there may be more channels than words. */
function refuseOtherInput({ architecture, sizes, vocabulary }: FoundEncoder, fail: (what: string) => never) {
  const { vocabularySize: channels } = sizes;
  if (vocabulary === undefined && channels !== alphabetSize)
    fail(`it reads ${channels} channels, where ${architecture.id} reads ${alphabetSize} characters`);
  if (vocabulary !== undefined && channels < vocabulary.length)
    fail(`it reads ${channels} channels, but its \`vocab\` has ${vocabulary.length} words`);
}
