import { createHash } from 'node:crypto';
import type { Dataset } from '../data/dataset';
import { FlorigenError, mustBe, UsageError } from '../errors';
import { besidePack, ensureDerived } from './derived-file';
import { type FeatureNetwork, featureSize } from './feature-network';
import { FeatureMoments, type FeatureScale } from './feature-scale';

/** Pictures per native call: a bound on memory, and on the wait of a signal. */
const imagesPerCall = 8;
/** Trained images that mean and deviation are taken over, evenly chosen. */
const measuredImages = 1024;

/** Side of the crops as a share of the stored side: 224 of 256. */
const usualCropShare = 0.875;

/** How features are extracted. */
export interface ExtractFeaturesOptions {
  /** Side of the crops as a share of the stored side; default 0.875, as 224 of 256. Another makes other features. */
  cropShare?: number;
  /**
   * Brings each of the numbers to mean 0 and deviation 1 over trained images, so that those that vary little say as much
   * to an encoder as the others. Off by default: the authors' data are not.
   */
  standardize?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: ExtractionProgress) => void;
}

/** Images seen: of the trained ones that a scale is measured on, then of all. */
export interface ExtractionProgress {
  phase: 'measuring features' | 'extracting features';
  done: number;
  total: number;
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
  const { cropShare = usualCropShare } = options;
  if (!(cropShare > 0 && cropShare <= 1))
    throw new UsageError(mustBe('cropShare', 'a number above 0, at most 1', cropShare));
  const side = Math.max(...dataset.sizes);
  const cropSide = Math.max(1, Math.round(side * cropShare));
  const views = tenViews(side, cropSide);
  const shape: [number, number, number] = [dataset.imageCount, views.length, featureSize];
  const source: ViewSource = { dataset, network, frame: { side, cropSide }, views, options };
  const scale = options.standardize ? await measureScale(source) : null;
  const usual = cropShare === usualCropShare;
  const seen = usual ? network.fingerprint : croppedFingerprint(network.fingerprint, { side, cropSide });
  const fingerprint = scale?.fingerprint(seen) ?? seen;
  const metadata = {
    format: 'florigen.features',
    formatVersion: '1',
    pack: dataset.fingerprint,
    networkFingerprint: seen,
    ...(usual && scale === null && { networkTrunk: network.trunk }),
    ...(scale && { standardized: fingerprint }),
    network: JSON.stringify(network.network),
    provenance: JSON.stringify(network.provenance),
    views: JSON.stringify({ storedSide: side, cropSide, inputSize: network.network.inputSize, views }),
  };
  const path = besidePack(dataset.path, 'features', fingerprint);
  const data = scaledBlocks(source, scale);
  const { reused } = await ensureDerived(path, {
    metadata,
    tensor: { name: 'features', dtype: 'F32', shape, data },
  });
  return { path, reused, shape };
}

/** What stands for a network that sees crops of another share than usual. */
function croppedFingerprint(networkFingerprint: string, frame: { side: number; cropSide: number }): string {
  return createHash('sha256').update(networkFingerprint).update(JSON.stringify(frame)).digest('hex');
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

interface ViewSource {
  dataset: Dataset;
  network: FeatureNetwork;
  /** The stored side, and the side of the crops. */
  frame: { side: number; cropSide: number };
  views: readonly (readonly [number, number, number])[];
  options: ExtractFeaturesOptions;
}

async function measureScale(source: ViewSource): Promise<FeatureScale> {
  const trained = source.dataset.imagesOf('training');
  const count = Math.min(measuredImages, trained.length);
  const images = Array.from({ length: count }, (_, i) => trained[Math.floor((i * trained.length) / count)]!);
  const moments = new FeatureMoments(featureSize);
  for await (const features of blocks(source, images, 'measuring features')) moments.add(features);
  return moments.scale();
}

async function* scaledBlocks(source: ViewSource, scale: FeatureScale | null): AsyncGenerator<Uint8Array> {
  const images = [...Array(source.dataset.imageCount).keys()];
  for await (const features of blocks(source, images, 'extracting features')) {
    scale?.apply(features);
    yield new Uint8Array(features.buffer, features.byteOffset, features.byteLength);
  }
}

/** The features of all views of some images, some images at a time. */
async function* blocks(
  { dataset, network, frame, views, options: { signal, onProgress } }: ViewSource,
  images: readonly number[],
  phase: ExtractionProgress['phase'],
): AsyncGenerator<Float32Array> {
  const { side } = frame;
  const total = images.length;
  for (let first = 0; first < total; first += imagesPerCall) {
    if (signal?.aborted) throw new FlorigenError('ABORTED', 'The extraction of features was stopped.');
    const some = images.slice(first, first + imagesPerCall);
    const pixels = new Uint8Array(some.length * side * side * 3);
    for (const [i, image] of some.entries())
      pixels.set(await dataset.image(image, side), i * side * side * 3);
    const rows = Array.from({ length: some.length }, (_, i) => views.flatMap((view) => [i, ...view])).flat();
    const { features } = await network.extract(pixels, Int32Array.from(rows), frame);
    yield features;
    onProgress?.({ phase, done: first + some.length, total });
  }
}
