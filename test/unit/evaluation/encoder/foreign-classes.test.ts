import type { Dataset } from '../../../../ts/data/dataset';
import { checkTrainedElsewhere } from '../../../../ts/evaluation/encoder/foreign-classes';

const dataset = {
  metadata: {},
  fingerprint: 'mine',
  classNames: ['rose', 'tulip', 'lily'],
} as unknown as Dataset;
const check = (provenance: Record<string, unknown>) => () =>
  checkTrainedElsewhere('The text encoder', provenance, { dataset, split: 'test', classes: [1, 2] });

test('an encoder that was trained on the classes is refused, also where a GAN trained it on them', () => {
  const elsewhere = { trainedClasses: [1], pack: 'another' };
  expect(check({ trainedClasses: [0], pack: 'mine' })).not.toThrow();
  expect(check({ trainedClasses: [1], pack: 'mine' })).toThrow(/has seen 1 of them \(tulip\)/);
  expect(check(elsewhere)).not.toThrow();
  expect(check({ ...elsewhere, fineTuned: { trainedClasses: [0], pack: 'mine' } })).not.toThrow();
  expect(check({ ...elsewhere, fineTuned: { trainedClasses: [2], pack: 'mine' } })).toThrow(/\(lily\)/);
});
