import { FeatureConfig } from '../../models/feature-options';
import { FeatureTrainer } from '../../training/feature-trainer';
import type { Action } from '../context';
import { type NetworkRunOptions, runNetwork } from '../network-run';

export const run: Action<NetworkRunOptions> = async (context, options) =>
  await runNetwork(context, options, {
    name: 'features',
    config: FeatureConfig,
    create: (settings) => FeatureTrainer.create(settings),
    resume: (folder, settings) => FeatureTrainer.resume(folder, settings),
    finish: async (trainer) => {
      const exported = await trainer.exportNetwork();
      context.output.result(
        'features-network',
        { run: trainer.runFolder, ...exported },
        `${exported.path} holds the feature network. Use it with:\n` +
          `  florigen features extract PACK --network ${exported.path}`,
      );
    },
  });
