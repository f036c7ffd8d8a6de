import path from 'node:path';
import { FlorigenError } from '../errors';
import {
  readSafetensorsHeader,
  requireTensor,
  type SafetensorsDtype,
  type SafetensorsFile,
  verifyContent,
} from '../formats/safetensors';
import { type TensorSource, writeSafetensors } from '../formats/safetensors-writer';
import type { NativeTensorRef } from '../native/addon';

/** What a file that follows from others must be: its metadata and its one tensor. */
export interface DerivedContent {
  metadata: Record<string, string>;
  tensor: TensorSource;
}

/** A file beside a pack: `PACK.KIND-<first 12 digits of the fingerprint>.safetensors`. A pack itself never changes. */
export function besidePack(packPath: string, kind: string, fingerprint: string): string {
  const { dir, name, ext } = path.parse(packPath);
  const stem = ext === '.safetensors' ? name : name + ext;
  return path.join(dir, `${stem}.${kind}-${fingerprint.slice(0, 12)}.safetensors`);
}

/**
 * The file, where it is whole and exactly what would be written; else it is written now: it is derived, so nothing is
 * lost. @throws FlorigenError `IO`; errors of the tensor's source
 */
export async function ensureDerived(
  file: string,
  { metadata, tensor }: DerivedContent,
): Promise<{ file: SafetensorsFile; reused: boolean }> {
  const earlier = await openWhole(file, { metadata, tensor });
  if (earlier !== null) return { file: earlier, reused: true };
  await writeSafetensors(file, { metadata, tensors: [tensor] });
  return { file: await readSafetensorsHeader(file), reused: false };
}

async function openWhole(
  path: string,
  { metadata, tensor: { name, dtype, shape } }: DerivedContent,
): Promise<SafetensorsFile | null> {
  try {
    const file = await readSafetensorsHeader(path);
    requireTensor(file, name, { dtype, shape });
    if (Object.entries(metadata).some(([key, value]) => file.metadata.get(key) !== value)) return null;
    await verifyContent(file);
    return file;
  } catch (error) {
    if (error instanceof FlorigenError) return null;
    throw error;
  }
}

/** Where a tensor of a file lies, for the native side, which maps it. */
export function nativeRef(
  file: SafetensorsFile,
  name: string,
  dtype: SafetensorsDtype & NativeTensorRef['dtype'],
): NativeTensorRef {
  const { offset, bytes, shape } = requireTensor(file, name, { dtype });
  return { path: file.path, offset, bytes, dtype, shape };
}
