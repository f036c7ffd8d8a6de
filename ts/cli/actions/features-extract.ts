import { Dataset } from '../../data/dataset';
import { extractFeatures } from '../../models/extract-features';
import { FeatureNetwork } from '../../models/feature-network';
import type { Action } from '../context';
import { PhaseProgress } from '../phase-progress';

interface Options {
  network: string;
  inputSize?: number;
  standardize?: boolean;
}

export const run: Action<Options> = async (context, options, [pack]) => {
  const { signal } = context.listen('stopping; nothing is kept of features that are not whole.');
  const dataset = await Dataset.open(pack!);
  const { inputSize, standardize } = options;
  const network = await FeatureNetwork.load(options.network, inputSize === undefined ? {} : { inputSize });
  const phases = new PhaseProgress(context, 'images');
  try {
    context.output.notice(network.notice);
    const onProgress = phases.update;
    const made = await extractFeatures(dataset, network, { standardize, signal, onProgress });
    phases.end();
    const [images, views, width] = made.shape;
    context.output.result(
      'features',
      made,
      `${made.path}: ${views} views of ${images} images, ${width} numbers each${made.reused ? ' (as they were)' : ''}`,
    );
  } finally {
    phases.end();
    await network.dispose();
  }
  return undefined;
};
