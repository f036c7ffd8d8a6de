import { TrainingConfig } from '../../../ts/models/config';
import type { Engine } from '../../../ts/models/engine';
import { refuseTooMuchMemory } from '../../../ts/models/memory-estimate';
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
