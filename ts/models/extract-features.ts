import type { Dataset } from '../data/dataset';
import { FlorigenError, mustBe, UsageError } from '../errors';
import { besidePack, ensureDerived } from './derived-file';
import { type FeatureNetwork, featureSize } from './feature-network';

/** Pictures per native call: a bound on memory, and on the wait of a signal. */
const imagesPerCall = 8;

/** How features are extracted. */
export interface ExtractFeaturesOptions {
  /** Side of the crops as a share of the stored side; default 0.875, as 224 of 256. */
  cropShare?: number;
  signal?: AbortSignal;
  onProgress?: (progress: { done: number; total: number }) => void;
}

/** What {@link extractFeatures} wrote. */
export interface ExtractedFeatures {
  path: string;
  /** True where the file was there already. */
  reused: boolean;
  /** Images, views, width. */
  shape: [number, number, number];
}

/**
 * Writes ten views of every image beside the pack, as the authors' data have them: crops of the four corners and the
 * center, then the same mirrored, from the largest stored size.
 * @throws UsageError; FlorigenError `ABORTED`, `IO`
 */
export async function extractFeatures(
  dataset: Dataset,
  network: FeatureNetwork,
  options: ExtractFeaturesOptions = {},
): Promise<ExtractedFeatures> {
  const { cropShare = 0.875 } = options;
  if (!(cropShare > 0 && cropShare <= 1))
    throw new UsageError(mustBe('cropShare', 'a number above 0, at most 1', cropShare));
  const side = Math.max(...dataset.sizes);
  const cropSide = Math.max(1, Math.round(side * cropShare));
  const views = tenViews(side, cropSide);
  const shape: [number, number, number] = [dataset.imageCount, views.length, featureSize];
  const metadata = {
    format: 'florigen.features',
    formatVersion: '1',
    pack: dataset.fingerprint,
    networkFingerprint: network.fingerprint,
    network: JSON.stringify(network.network),
    provenance: JSON.stringify(network.provenance),
    views: JSON.stringify({ storedSide: side, cropSide, inputSize: network.network.inputSize, views }),
  };
  const data = blocks(dataset, network, { side, cropSide, views }, options);
  const path = besidePack(dataset.path, 'features', network.fingerprint);
  const { reused } = await ensureDerived(path, {
    metadata,
    tensor: { name: 'features', dtype: 'F32', shape, data },
  });
  return { path, reused, shape };
}

/** x, y, flip of the four corners and the center, then mirrored. */
function tenViews(side: number, cropSide: number): [number, number, number][] {
  const room = side - cropSide;
  const middle = Math.floor(room / 2);
  const places = [
    [0, 0],
    [room, 0],
    [0, room],
    [room, room],
    [middle, middle],
  ] as const;
  return [0, 1].flatMap((flip) => places.map(([x, y]): [number, number, number] => [x, y, flip]));
}

async function* blocks(
  dataset: Dataset,
  network: FeatureNetwork,
  { side, cropSide, views }: { side: number; cropSide: number; views: [number, number, number][] },
  { signal, onProgress }: ExtractFeaturesOptions,
): AsyncGenerator<Uint8Array> {
  const total = dataset.imageCount;
  for (let first = 0; first < total; first += imagesPerCall) {
    if (signal?.aborted) throw new FlorigenError('ABORTED', 'The extraction of features was stopped.');
    const count = Math.min(imagesPerCall, total - first);
    const pixels = new Uint8Array(count * side * side * 3);
    for (let i = 0; i < count; i++) pixels.set(await dataset.image(first + i, side), i * side * side * 3);
    const rows = Array.from({ length: count }, (_, i) => views.flatMap((view) => [i, ...view])).flat();
    const { features } = await network.extract(pixels, Int32Array.from(rows), { side, cropSide });
    yield new Uint8Array(features.buffer, features.byteOffset, features.byteLength);
    onProgress?.({ done: first + count, total });
  }
}
