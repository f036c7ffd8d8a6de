import { Dataset } from '../../data/dataset';
import { ensureEmbeddings } from '../../models/embeddings';
import { createTextEncoder, loadTextEncoder } from '../../models/text-encoders';
import type { Action } from '../context';
import { embeddingProgress } from '../train-run';

interface Options {
  encoder: string;
}

export const run: Action<Options> = async ({ output, listen }, options, [pack]) => {
  const { signal } = listen('stopping; nothing is kept of embeddings that are not whole.');
  const dataset = await Dataset.open(pack!);
  const encoder =
    options.encoder === 'hashed-ngrams'
      ? await createTextEncoder(options.encoder)
      : await loadTextEncoder(options.encoder);
  const onProgress = embeddingProgress(output);
  const { path, reused } = await ensureEmbeddings(dataset, encoder, { signal, onProgress });
  const { id, fingerprint } = encoder;
  output.result(
    'embeddings',
    { path, reused, id, fingerprint },
    `${path}: captions by ${id}${reused ? ' (as they were)' : ''}`,
  );
  await encoder.dispose?.();
  return undefined;
};
