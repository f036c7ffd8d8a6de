import type { Dataset } from '../data/dataset';
import { FeaturePlanner } from '../data/feature-plan';
import { labelTable } from '../data/labels';
import { planSource } from '../data/plan-source';
import { mustBe, UsageError } from '../errors';
import { besidePack, ensureDerived, nativeRef } from '../models/derived-file';
import { openEngine } from '../models/engine';
import type { FeatureNetworkDescription } from '../models/feature-file';
import { FeatureConfig, type FeatureOptions } from '../models/feature-options';
import { networkRuns } from '../models/network-runs';
import { choosePrecision } from '../models/precision';
import type { FlorigenAddon } from '../native/addon';
import { NativeTrainer } from './native-trainer';
import { networkParts } from './network-parts';
import type { RunKind } from './open-run';
import { TrainerCheckpoint } from './trainer-checkpoint';
import type { TrainerParts } from './trainer-types';

/** The format of a feature network's checkpoints. */
export const featureCheckpointFormat = networkRuns.features.checkpointFormat;

/** What a feature network's run is made of; its metrics are `featureLoss` and an accuracy of each head. */
export type FeatureParts = TrainerParts<FeatureOptions, string>;

/** The run of a feature network. */
export const featureRun: RunKind<FeatureOptions, FeatureParts, TrainerCheckpoint> = {
  config: FeatureConfig,
  changeable: ['epochs', 'steps', 'saveEvery', 'keep', 'threads', 'device', 'data.pack'],
  logs: {
    metricNames: ['featureLoss', 'classAccuracy'],
    rateNames: ['learningRate'],
    panels: [
      {
        title: 'loss',
        limit: null,
        curves: [{ metric: 'featureLoss', label: 'features', color: '#2f6fb3' }],
      },
      {
        title: 'right in training',
        limit: 1,
        curves: [
          { metric: 'classAccuracy', label: 'class', color: '#3f8f4f' },
          { metric: 'petalShapeAccuracy', label: 'petal shape', color: '#c08a1e' },
          { metric: 'petalCountAccuracy', label: 'petal count', color: '#b3412f' },
        ],
      },
    ],
  },
  openState: (file) => TrainerCheckpoint.open(file, featureCheckpointFormat),
  setUp: async (chosen, _, __, addon) => await setUpFeatures(chosen, addon),
};

async function setUpFeatures(
  { options: asked, dataset }: { options: FeatureOptions; dataset: Dataset },
  addon?: FlorigenAddon,
): Promise<FeatureParts> {
  const side = Math.max(...dataset.sizes);
  const cropSide = Math.max(1, Math.round(side * asked.data.cropShare));
  const planner = new FeaturePlanner(planSource(dataset, side), {
    seed: asked.seed,
    batchSize: asked.batchSize,
    splits: asked.data.splits,
    cropSide,
    flip: asked.data.flip,
  });
  const { heads, labels } = labelTable(dataset, planner.training);
  const headWeights = weightsOf(heads, asked);
  const engine = openEngine({ device: asked.device, threads: asked.threads }, addon);
  const options = { ...asked, precision: choosePrecision(asked.precision, engine.device) };
  const { architecture, inputSize, adam } = options;
  const handle = await engine.addon.createFeatureTrainer({
    network: {
      architecture,
      inputSize,
      heads: heads.map(({ classes }) => classes),
      dtype: 'float32',
      device: engine.device,
      precision: options.precision,
      deterministic: options.deterministic,
    },
    seed: options.seed,
    images: dataset.tensorRef(`images/${side}`),
    labels: await ensureLabels(dataset, options, { heads, labels }),
    headWeights,
    cropSide,
    optimizer: { kind: 'adam', beta1: adam.beta1, beta2: adam.beta2, epsilon: adam.epsilon },
  });
  const metricNames = ['featureLoss', ...heads.map(({ name }) => `${name}Accuracy`)];
  const native = new NativeTrainer(engine.addon, handle, metricNames);
  return networkParts(
    { options, dataset, engine, native, planner },
    {
      format: featureCheckpointFormat,
      learningRate: adam.learningRate,
      network: { architecture, inputSize, heads } satisfies FeatureNetworkDescription,
    },
  );
}

/** The weight of each head in the loss. @throws UsageError where all are 0: nothing would be learned */
function weightsOf(
  heads: readonly { name: string }[],
  { classWeight, attributeWeight }: FeatureOptions,
): number[] {
  const weights = heads.map(({ name }) => (name === 'class' ? classWeight : attributeWeight));
  if (weights.some((weight) => weight > 0)) return weights;
  const attributeCount = heads.filter(({ name }) => name !== 'class').length;
  if (attributeCount === heads.length)
    throw new UsageError(
      mustBe(
        'attributeWeight',
        'above 0 for images without classes, which have nothing else',
        attributeWeight,
      ),
    );
  const alone = attributeCount > 0 ? 'where `attributeWeight` is 0' : 'for images without attributes';
  throw new UsageError(mustBe('classWeight', `above 0 ${alone}: nothing would be learned`, classWeight));
}

/** The labels, in a derived file beside the pack: the native side maps files. */
async function ensureLabels(
  dataset: Dataset,
  { data }: FeatureOptions,
  { heads, labels }: { heads: { name: string; classes: number }[]; labels: Int32Array },
) {
  const metadata = {
    format: 'florigen.labels',
    formatVersion: '1',
    pack: dataset.fingerprint,
    heads: JSON.stringify(heads),
    splits: data.splits,
  };
  const bytes = new Uint8Array(labels.buffer);
  const shape = [dataset.imageCount, heads.length];
  const { file } = await ensureDerived(besidePack(dataset.path, 'labels', data.splits), {
    metadata,
    tensor: { name: 'labels', dtype: 'I32', shape, data: bytes },
  });
  return nativeRef(file, 'labels', 'I32');
}
