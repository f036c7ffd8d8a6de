import { TrainingConfig } from '../../../ts/models/config';
import { Schedule } from '../../../ts/training/schedule';

test('a run of epochs', () => {
  const schedule = new Schedule(TrainingConfig.parse({ epochs: 3 }), 10);
  expect([schedule.stepCount, schedule.epochCount]).toEqual([30, 3]);
  expect(schedule.positionAt(0)).toEqual({ epoch: 1, stepInEpoch: 0, stepsInEpoch: 10, step: 0 });
  expect(schedule.positionAt(9)).toEqual({ epoch: 1, stepInEpoch: 9, stepsInEpoch: 10, step: 9 });
  expect(schedule.positionAt(10)).toEqual({ epoch: 2, stepInEpoch: 0, stepsInEpoch: 10, step: 10 });
  expect(schedule.positionAt(30)).toEqual({ epoch: 3, stepInEpoch: 10, stepsInEpoch: 10, step: 30 });
  expect([0, 9, 10, 29, 30].map((step) => schedule.epochsAfter(step))).toEqual([0, 0, 1, 2, 3]);
});

test('a run of steps ends within an epoch', () => {
  const schedule = new Schedule(TrainingConfig.parse({ steps: 25 }), 10);
  expect(schedule.epochCount).toBe(3);
  expect(schedule.positionAt(20)).toMatchObject({ epoch: 3, stepsInEpoch: 5 });
  expect(schedule.positionAt(25)).toMatchObject({ epoch: 3, stepInEpoch: 5 });
  expect(schedule.epochsAfter(25)).toBe(3);
  expect([20, 24, 25].map((step) => schedule.isEpochEnd(step))).toEqual([true, false, true]);
});

test('the authors’ learning rate: the first cut at epoch 100, one at epoch 600', () => {
  const schedule = new Schedule(TrainingConfig.preset('reed2016-flowers'), 110);
  const rates = [1, 99, 100, 199, 200, 599, 600].map((epoch) => schedule.learningRateAt(epoch) / 2e-4);
  expect(rates).toEqual([1, 1, 0.5, 0.5, 0.25, 0.5 ** 5, 0.5 ** 6]);
  expect(schedule.isMilestone(100 * 110)).toBe(true);
  expect(schedule.isMilestone(50 * 110)).toBe(false);
  expect(schedule.isMilestone(0)).toBe(false);
});

test('a fine-tuned encoder has a learning rate of its own, cut with the networks’', () => {
  const encoder = { textEncoder: { file: 'encoder.safetensors' }, fineTune: { learningRate: 1e-5 } };
  const schedule = new Schedule(TrainingConfig.preset('reed2016-flowers', encoder), 110);
  const rates = [1, 99, 100, 200].map((epoch) => schedule.encoderLearningRateAt(epoch));
  expect(rates).toEqual([1e-5, 1e-5, 0.5e-5, 0.25e-5]);
  expect(new Schedule(TrainingConfig.parse(), 10).encoderLearningRateAt(1)).toBeUndefined();
});

test('the mode-seeking weight decays from the second epoch on', () => {
  const schedule = new Schedule(TrainingConfig.parse({ modeSeeking: { weight: 0.4, decay: 0.5 } }), 10);
  expect([1, 2, 3].map((epoch) => schedule.modeSeekingWeightAt(epoch))).toEqual([0.4, 0.2, 0.1]);
});
