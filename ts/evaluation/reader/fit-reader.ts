import { PhiloxStream, PURPOSE } from '../../data/philox';
import { EVALUATION_PASS } from '../statistics';
import { labPlanes, type ReaderNetworks } from './color-reader';
import { disturb, type LabeledPicture } from './disturb';
import {
  FIRST_FEATURES,
  firstLook,
  READER_SIZE,
  REGION_KINDS,
  SECOND_FEATURES,
  secondLook,
} from './features';
import { fitNetwork } from './fit-network';
import { classifyPixels, type PixelNetwork } from './pixel-network';

export interface ReaderFitOptions {
  /** 64x64 pictures with their masks; one in four is used as it is, the others disturbed. */
  pictures: LabeledPicture[];
  /** Pixels drawn from a picture: half at random, half evenly from the kinds of region in it. */
  pixelsPerPicture: number;
  hidden: number[];
  epochs: number;
  learningRate: number;
  seed: number;
  onProgress?: (line: string) => void;
}

/** Fits both looks on the same pictures. Deterministic in `seed`; takes minutes for thousands of pictures. */
export function fitReader(options: ReaderFitOptions): ReaderNetworks {
  const { onProgress = () => {} } = options;
  const pictures = options.pictures.map((picture, i) =>
    i % 4 === 0 ? picture : disturb(picture, READER_SIZE, stream(options.seed, 0, i)),
  );
  const drawn = pictures.map((picture, i) =>
    drawPixels(picture.mask, options.pixelsPerPicture, stream(options.seed, 1, i)),
  );
  const kinds = Uint8Array.from(pictures.flatMap((picture, i) => drawn[i]!.map((p) => picture.mask[p]!)));
  onProgress(`${pictures.length} pictures, ${kinds.length} pixels: the first look`);
  const first = fitLook(
    options,
    kinds,
    FIRST_FEATURES,
    2,
    (i) => firstLook(labPlanes(pictures[i]!.rgb), READER_SIZE),
    drawn,
  );
  onProgress('the second look');
  const see = (i: number) => {
    const lab = labPlanes(pictures[i]!.rgb);
    const features = firstLook(lab, READER_SIZE);
    return secondLook(features, classifyPixels(first, features), lab, READER_SIZE);
  };
  return { first, second: fitLook(options, kinds, SECOND_FEATURES, 3, see, drawn) };
}

function fitLook(
  options: ReaderFitOptions,
  kinds: Uint8Array,
  inputs: number,
  step: number,
  look: (picture: number) => Float32Array,
  drawn: number[][],
): PixelNetwork {
  const features = new Float32Array(kinds.length * inputs);
  let row = 0;
  drawn.forEach((pixels, picture) => {
    const all = look(picture);
    for (const p of pixels) features.set(all.subarray(p * inputs, (p + 1) * inputs), row++ * inputs);
  });
  const { hidden, epochs, learningRate } = options;
  const random = stream(options.seed, step, 0);
  return fitNetwork({
    features,
    inputs,
    kinds,
    kindCount: REGION_KINDS,
    hidden,
    epochs,
    learningRate,
    random,
  });
}

function drawPixels(mask: Uint8Array, count: number, random: PhiloxStream): number[] {
  const byKind = Array.from({ length: REGION_KINDS }, (): number[] => []);
  mask.forEach((kind, p) => {
    byKind[kind]!.push(p);
  });
  const present = byKind.filter((pixels) => pixels.length > 0);
  return Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? random.below(mask.length) : random.pick(random.pick(present)),
  );
}

function stream(seed: number, step: number, row: number): PhiloxStream {
  return new PhiloxStream(seed, PURPOSE.evaluation, { step, pass: EVALUATION_PASS.fit, row });
}
