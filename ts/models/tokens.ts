import type { Dataset } from '../data/dataset';
import type { NativeTensorRef } from '../native/addon';
import { besidePack, ensureDerived, nativeRef } from './derived-file';
import { type Tokenizer, tokensOf } from './tokenizer';

const captionsPerBlock = 4096;

/** The tokens of all captions of a pack, I32 [captions, length], in a derived file beside the pack. */
export async function ensureTokens(
  dataset: Dataset,
  tokenizer: Tokenizer,
  signal?: AbortSignal,
): Promise<NativeTensorRef> {
  const metadata = {
    format: 'florigen.tokens',
    formatVersion: '1',
    pack: dataset.fingerprint,
    tokenizer: tokenizer.fingerprint,
  };
  const shape = [dataset.captionCount, tokenizer.length];
  const data = tokenBlocks(dataset, tokenizer, signal);
  const { file } = await ensureDerived(besidePack(dataset.path, 'tokens', tokenizer.fingerprint), {
    metadata,
    tensor: { name: 'tokens', dtype: 'I32', shape, data },
  });
  return nativeRef(file, 'tokens', 'I32');
}

async function* tokenBlocks(
  dataset: Dataset,
  tokenizer: Tokenizer,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for (let first = 0; first < dataset.captionCount; first += captionsPerBlock) {
    const count = Math.min(captionsPerBlock, dataset.captionCount - first);
    const texts = Array.from({ length: count }, (_, i) => dataset.caption(first + i).text);
    const tokens = await tokensOf(tokenizer, texts, signal);
    yield new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength);
  }
}
