import { FlorigenError } from '../errors';
import { readSafetensorsHeader } from '../formats/safetensors';

/** True for a safetensors file of one of florigen's formats. */
export async function isFlorigenFile(path: string, format: string): Promise<boolean> {
  try {
    return (await readSafetensorsHeader(path)).metadata.get('format') === format;
  } catch (error) {
    if (error instanceof FlorigenError) return false;
    throw error;
  }
}
