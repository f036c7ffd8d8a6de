import path from 'node:path';
import {
  type FeatureSource,
  featureBytes,
  openFeatureSource,
  trunkFingerprint,
} from '../models/feature-network';
import type { TrainingOptions } from '../models/option-schema';
import type { GuideProvenance } from '../models/provenance';
import type { NativeGan } from './native-gan';

/** What the names of the state of the guide's feature network begin with. */
const eyesPrefix = 'guide.eyes.';

/** The feature network of a run that begins; null without a guide. @throws CheckpointError, DataError */
export async function openGuide({ guide }: TrainingOptions): Promise<FeatureSource | null> {
  if (guide.weight === 0 || guide.network === undefined) return null;
  return await openFeatureSource(guide.network, guide.inputSize);
}

/** What a file of the run says of its guide. */
export async function guideProvenance(source: FeatureSource): Promise<GuideProvenance> {
  const fingerprint = await trunkFingerprint(source);
  if (source.provenance === null) return { fingerprint };
  const { trainedClasses, catalogueVersion, pack } = source.provenance;
  return { fingerprint, trainedClasses, catalogueVersion, pack };
}

/** Options that say what the file of the guide holds, and where it lies from everywhere. */
export function withGuide(options: TrainingOptions, source: FeatureSource | null): TrainingOptions {
  if (source === null) return options;
  const { architecture, inputSize } = source.network;
  return {
    ...options,
    guide: { ...options.guide, network: path.resolve(source.path), architecture, inputSize },
  };
}

/** Writes the weights that the guide looks through. @throws CheckpointError where one is missing */
export async function writeGuide(native: NativeGan, source: FeatureSource | null): Promise<void> {
  if (source === null) return;
  for (const info of native.manifest)
    if (info.name.startsWith(eyesPrefix)) {
      const name = info.name.slice(eyesPrefix.length);
      await native.write(info.name, await featureBytes(source, { ...info, name }));
    }
}
