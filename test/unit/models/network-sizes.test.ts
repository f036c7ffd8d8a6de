import { TrainingConfig } from '../../../ts/models/config';
import { estimateMemory } from '../../../ts/models/memory-estimate';
import { networkOf } from '../../../ts/models/network-options';
import { contrastiveHeadSize, networkSizes } from '../../../ts/models/network-sizes';
import { presets } from '../../../ts/models/presets';

const sizesOf = (input: object) => {
  const { generator, discriminator } = networkSizes(networkOf(TrainingConfig.parse(input), 1024));
  return [generator.parameters, discriminator.parameters];
};

test('the authors’ networks, as counted in the literature', () => {
  expect(sizesOf({ preset: 'reed2016-flowers' })).toEqual([18_905_472, 4_030_080]);
  expect(sizesOf({ preset: 'reed2016-flowers', discriminatorFeatures: 128 })).toEqual([
    18_905_472, 15_563_648,
  ]);
});

test('the starting repo’s networks', () => {
  expect(sizesOf({ preset: 'blog-2019' })).toEqual([4_756_736, 2_899_072]);
});

test('text at every level', () => {
  const generator =
    // text; noise to 256 x 4x4; a norm and its modulation by 128 numbers for each of five levels; 3x3 convolutions
    1024 * 128 +
    128 +
    100 * 256 * 16 +
    (256 + 128 + 64 + 32 + 16) * (2 + 2 * 129) +
    9 * (256 * 128 + 128 * 64 + 64 * 32 + 32 * 16 + 16 * 3);
  const reed = sizesOf({ preset: 'small', family: 'reed2016' });
  expect(sizesOf({ preset: 'small', family: 'modulated', generatorFeatures: 32 })).toEqual([
    generator,
    reed[1],
  ]);
});

test('the head of the contrastive term: features 4 x 4 and text to the same space', () => {
  const network = networkOf(TrainingConfig.preset('reed2016-flowers'), 1024);
  expect(contrastiveHeadSize(network).parameters).toBe(512 * 16 * 128 + 1024 * 128 + 128);
});

test('a faithful checkpoint is what DESIGN says: parameters and two moments, about 275 MB', () => {
  const options = TrainingConfig.preset('reed2016-flowers');
  const { checkpointBytes } = estimateMemory(options, { textSize: 1024, imageBytes: 0, captionCount: 0 });
  expect(checkpointBytes).toBe((18_905_472 + 4_030_080) * 3 * 4);
});

test.each(Object.keys(presets))('%s: every part of the estimate follows what it depends on', (name) => {
  const data = { textSize: 1024, imageBytes: 1e6, captionCount: 1000 };
  const estimate = (input: object) => estimateMemory(TrainingConfig.parse({ preset: name, ...input }), data);
  const base = estimate({});
  expect(base.totalBytes).toBeGreaterThan(base.stateBytes + base.stepBytes + base.dataBytes);
  expect(estimate({ batchSize: 2 * TrainingConfig.preset(name).batchSize }).stepBytes).toBe(
    2 * base.stepBytes,
  );
  expect(estimate({ emaDecay: 0.5 }).stateBytes).toBeGreaterThanOrEqual(base.stateBytes);
  const head = contrastiveHeadSize(networkOf(TrainingConfig.preset(name), 1024)).parameters;
  const [off, on] = [0, 0.5].map((weight) => estimate({ contrastive: { weight } }));
  // weights, gradients, two moments; a checkpoint has no gradients
  expect(on!.stateBytes - off!.stateBytes).toBe(head * 4 * 4);
  expect(on!.checkpointBytes - off!.checkpointBytes).toBe(head * 3 * 4);
  expect(base.dataBytes).toBe(1e6 + 1000 * 4096);
});
