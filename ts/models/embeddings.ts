import type { Dataset } from '../data/dataset';
import type { SafetensorsFile } from '../formats/safetensors';
import type { NativeTensorRef } from '../native/addon';
import { besidePack, ensureDerived, nativeRef } from './derived-file';
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
  return besidePack(packPath, 'embeddings', encoder.fingerprint);
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
  const data = encodedBlocks(dataset, encoder, options);
  const tensor = { name: 'sentence', dtype: 'F32', shape, data } as const;
  const made = await ensureDerived(file, { metadata, tensor });
  return embeddingsOf(made.file, made.reused);
}

function embeddingsOf(file: SafetensorsFile, reused: boolean): Embeddings {
  return {
    path: file.path,
    reused,
    tensorRef: (name) => nativeRef(file, name, 'F32'),
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
