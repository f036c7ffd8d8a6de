import { Dataset } from '../../data/dataset';
import { extractFeatures } from '../../models/extract-features';
import { FeatureNetwork } from '../../models/feature-network';
import type { Action } from '../context';

interface Options {
  network: string;
  inputSize?: number;
}

export const run: Action<Options> = async ({ output, listen }, options, [pack]) => {
  const { signal } = listen('stopping; nothing is kept of features that are not whole.');
  const dataset = await Dataset.open(pack!);
  const { inputSize } = options;
  const network = await FeatureNetwork.load(options.network, inputSize === undefined ? {} : { inputSize });
  const progress = output.progress({
    title: 'Extracting features',
    unit: 'images',
    total: dataset.imageCount,
  });
  try {
    const onProgress = ({ done }: { done: number }) => progress.update(done);
    const made = await extractFeatures(dataset, network, { signal, onProgress });
    progress.end();
    const [images, views, width] = made.shape;
    output.result(
      'features',
      made,
      `${made.path}: ${views} views of ${images} images, ${width} numbers each${made.reused ? ' (as they were)' : ''}`,
    );
  } finally {
    progress.end();
    await network.dispose();
  }
  return undefined;
};
