import { TrainingConfig } from '../../../ts/models/config';
import type { Engine } from '../../../ts/models/engine';
import { estimateMemory, refuseTooMuchMemory } from '../../../ts/models/memory-estimate';
import type { TextEncoder } from '../../../ts/models/text-encoder';

const data = {
  imageBytes: 1 << 20,
  captionCount: 1000,
  encoder: { sizes: { sentence: 1024 } } as unknown as TextEncoder,
};
const onDevice = (memoryBytes: number) =>
  ({
    device: 'cuda',
    runtime: { cudaDevices: [{ name: 'a device', memoryBytes, capability: '9.0' }] },
  }) as unknown as Engine;

test('a device is asked for what it has, and one of unknown memory refuses nothing', () => {
  const options = TrainingConfig.preset('small');
  const refused = (bytes: number) => () => refuseTooMuchMemory(options, data, onDevice(bytes));
  expect(refused(1 << 20)).toThrow(/needs about [\d,]+ MiB of memory, but only 1 MiB are free/);
  expect(refused(80 * 2 ** 30)).not.toThrow();
  // What a GPU host says before libflorigen_cuda is there.
  expect(refused(0)).not.toThrow();
});

test('an encoder that learns costs its state, and every distinct text of a step its layers', () => {
  const sizes = { vocabularySize: 70, length: 201, convolutionSize: 256, embeddingSize: 1024 };
  const data = { textSize: 1024, imageBytes: 1 << 20, captionCount: 10_000 };
  const textNetwork = { architecture: 'char-cnn-rnn', ...sizes } as const;
  const of = (mismatches: number, captionCount = 10_000) => {
    const options = TrainingConfig.parse({
      data: { mismatches, captionsPerImage: 1, captionChoice: 'replace' },
    });
    const frozen = estimateMemory(options, { ...data, captionCount });
    const learns = estimateMemory(options, { ...data, captionCount, textNetwork });
    return {
      state: learns.stateBytes - frozen.stateBytes,
      step: learns.stepBytes - frozen.stepBytes,
      learns,
    };
  };
  // the parameters that docs/encoder-step.md counts: weights, gradients, two moments
  expect(of(1).state).toBe(4 * 1_814_144 * 4);
  expect(of(3).step).toBe(2 * of(1).step);
  expect(of(8, 32).step).toBe(of(1).step / 2);
  expect(of(1).learns.dataBytes).toBe((1 << 20) + 10_000 * 201 * 4);
});
