import { DataError } from '../errors';
import type { Dataset } from './dataset';
import type { TrainingImages } from './plan-source';

/** Labels of a pack's images, a column for each head of a classifier. */
export interface LabelTable {
  heads: { name: string; classes: number }[];
  /** Int32 [images, heads], row-major; -1 for none. */
  labels: Int32Array;
}

/**
 * The classes that train, and of built-in flowers every attribute that has names: what a feature network learns to
 * read. Images that do not train have no label at all, so that nothing of them is learned.
 * @throws DataError where there is nothing to learn
 */
export function labelTable(dataset: Dataset, training: TrainingImages): LabelTable {
  const attributes = (dataset.truth?.columns.attributes ?? []).flatMap(({ name, values }, column) =>
    values === undefined ? [] : [{ name, column, classes: values.length }],
  );
  const { classIds } = training;
  const hasClasses = classIds.length > 1;
  const heads = [
    ...(hasClasses ? [{ name: 'class', classes: classIds.length }] : []),
    ...attributes.map(({ name, classes }) => ({ name, classes })),
  ];
  if (heads.length === 0)
    throw new DataError(
      `\`${dataset.path}\` must have at least two training classes to learn features from.`,
      {
        hint: 'Bring features of your own, or weights of torchvision for `features extract`.',
      },
    );
  const labels = new Int32Array(dataset.imageCount * heads.length).fill(-1);
  const first = hasClasses ? 1 : 0;
  for (const image of training.images) {
    const row = image * heads.length;
    if (hasClasses) labels[row] = classIds.indexOf(dataset.classOf(image));
    const known = dataset.truth?.attributes(image);
    attributes.forEach(({ column }, i) => {
      labels[row + first + i] = known![column]!;
    });
  }
  return { heads, labels };
}
