import { EncoderConfig } from '../../models/encoder-options';
import { TextEncoderTrainer } from '../../training/text-encoder-trainer';
import type { Action } from '../context';
import { type NetworkRunOptions, runNetwork } from '../network-run';

export const run: Action<NetworkRunOptions> = async (context, options) =>
  await runNetwork(context, options, {
    name: 'encoder',
    config: EncoderConfig,
    create: (settings) => TextEncoderTrainer.create(settings),
    resume: (folder, settings) => TextEncoderTrainer.resume(folder, settings),
    finish: async (trainer) => {
      const exported = await trainer.exportEncoder();
      context.output.result(
        'encoder',
        { run: trainer.runFolder, ...exported },
        `${exported.path} holds the encoder ${exported.fingerprint.slice(0, 12)}. Use it with:\n` +
          `  florigen train --data ${trainer.dataset.path} --encoder ${exported.path}`,
      );
    },
  });
