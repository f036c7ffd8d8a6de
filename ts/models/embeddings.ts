import path from 'node:path';
import type { Dataset } from '../data/dataset';
import { FlorigenError } from '../errors';
import {
  readSafetensorsHeader,
  requireTensor,
  type SafetensorsFile,
  verifyContent,
} from '../formats/safetensors';
import { writeSafetensors } from '../formats/safetensors-writer';
import type { NativeTensorRef } from '../native/addon';
import { encoderRecord, type TextEncoder } from './text-encoder';

const CAPTIONS_PER_BLOCK = 1024;

/** What {@link ensureEmbeddings} reports. */
export interface EmbeddingProgress {
  /** Captions encoded so far. */
  done: number;
  total: number;
}

/** The embeddings of all captions of a pack, in a file of their own. */
export interface Embeddings {
  path: string;
  /** True where the file was there already. */
  reused: boolean;
  /** Where `sentence` F32 [captions, d] lies; row `c` belongs to caption `c`. */
  tensorRef(name: 'sentence'): NativeTensorRef;
}

/** Where the embeddings of a pack by an encoder are kept: beside the pack, for a pack never changes. */
export function embeddingsPath(packPath: string, encoder: TextEncoder): string {
  const { dir, name, ext } = path.parse(packPath);
  const stem = ext === '.safetensors' ? name : name + ext;
  return path.join(dir, `${stem}.embeddings-${encoder.fingerprint.slice(0, 12)}.safetensors`);
}

/**
 * The embeddings of a pack's captions: those of an earlier call where they are whole and belong to this pack and
 * encoder, else made now, one block in memory at a time.
 * @throws FlorigenError `IO`, `ABORTED`
 */
export async function ensureEmbeddings(
  dataset: Dataset,
  encoder: TextEncoder,
  options: { onProgress?: (progress: EmbeddingProgress) => void; signal?: AbortSignal } = {},
): Promise<Embeddings> {
  const file = embeddingsPath(dataset.path, encoder);
  const shape = [dataset.captionCount, encoder.sizes.sentence];
  const metadata = {
    format: 'florigen.embeddings',
    formatVersion: '1',
    pack: dataset.fingerprint,
    textEncoder: JSON.stringify(encoderRecord(encoder)),
  };
  const earlier = await openWhole(file, metadata, shape);
  if (earlier !== null) return embeddingsOf(earlier, true);
  const data = encodedBlocks(dataset, encoder, options);
  await writeSafetensors(file, { metadata, tensors: [{ name: 'sentence', dtype: 'F32', shape, data }] });
  return embeddingsOf(await readSafetensorsHeader(file), false);
}

/** The file, if it is exactly what would be written; it is derived, so anything else is made anew. */
async function openWhole(
  path: string,
  metadata: Record<string, string>,
  shape: number[],
): Promise<SafetensorsFile | null> {
  try {
    const file = await readSafetensorsHeader(path);
    requireTensor(file, 'sentence', { dtype: 'F32', shape });
    if (Object.entries(metadata).some(([name, value]) => file.metadata.get(name) !== value)) return null;
    await verifyContent(file);
    return file;
  } catch (error) {
    if (error instanceof FlorigenError) return null;
    throw error;
  }
}

function embeddingsOf(file: SafetensorsFile, reused: boolean): Embeddings {
  return {
    path: file.path,
    reused,
    tensorRef: (name) => {
      const { offset, bytes, shape } = requireTensor(file, name, { dtype: 'F32' });
      return { path: file.path, offset, bytes, dtype: 'F32', shape };
    },
  };
}

async function* encodedBlocks(
  dataset: Dataset,
  encoder: TextEncoder,
  { onProgress, signal }: { onProgress?: (progress: EmbeddingProgress) => void; signal?: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const total = dataset.captionCount;
  for (let first = 0; first < total; first += CAPTIONS_PER_BLOCK) {
    const count = Math.min(CAPTIONS_PER_BLOCK, total - first);
    const texts = Array.from({ length: count }, (_, i) => dataset.caption(first + i).text);
    const { data } = (await encoder.encode(texts, signal === undefined ? {} : { signal })).sentence;
    yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    onProgress?.({ done: first + count, total });
  }
}
