import { choice, flag, group, integerFrom0, positive, positiveInteger, seed, text } from './schema-parts';

/** Options that every kind of run has: each schema takes them in, where its help shall have them. */

export const pack = text('The packed data set; given apart where a data set is passed.').optional();

export const splits = choice(
  ['training', 'trainval'],
  'Which splits train: training alone, or training and validation.',
);

/** One of the two is given. */
export const runLength = {
  epochs: positiveInteger('Length of the run in epochs; or give steps.').optional(),
  steps: positiveInteger('Length of the run in steps; or give epochs.').optional(),
};

export const learningRateDecay = group({
  factor: positive('Factor on the learning rate at each cut; 1 for none.'),
  every: positiveInteger('Epochs from cut to cut.'),
});

/** What the bits of a run depend on besides its data and its method. */
export const machine = {
  seed: seed(),
  device: choice(['auto', 'cpu', 'cuda'], 'Where tensors live; auto takes CUDA where there is a device.'),
  precision: choice(['auto', 'ieee', 'tf32', 'bf16'], 'Arithmetic of matrix products.'),
  deterministic: flag('Same bits on CUDA too, at some cost; the CPU always gives them.'),
  threads: integerFrom0('Threads of the engine, once per process; 0 for one per core.'),
};

/** Which checkpoints stay. */
export const keeping = {
  saveEvery: positiveInteger('Every that many epochs a checkpoint is kept for good.'),
  keep: positiveInteger('How many of the newest checkpoints of whole epochs are kept.'),
};
