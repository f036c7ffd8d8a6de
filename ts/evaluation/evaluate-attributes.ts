import { CATALOGUE_VERSION } from '../data/flowers/catalogue';
import { DataError } from '../errors';
import type { Generator } from '../models/generator';
import type { AttributeResult } from './attribute-result';
import { type MeasureAttributesOptions, measureAttributes } from './measure-attributes';
import { generatorPainter } from './painters';

/** Options of {@link evaluateAttributes}. */
export type EvaluateAttributesOptions = Omit<
  MeasureAttributesOptions,
  'painter' | 'encoder' | 'trainedClasses' | 'guide' | 'split'
> & {
  generator: Generator;
  /** Default `test`; every choice is made on `validation`. */
  split?: 'validation' | 'test';
};

/**
 * Are the colors there that the sentence asks for? The measure of docs/evaluation.md on one generator.
 * @throws DataError for a model of other data, or one that was trained, as its text encoder may have been, on the
 *   classes that measure it
 */
export async function evaluateAttributes(options: EvaluateAttributesOptions): Promise<AttributeResult> {
  const { generator, split = 'test', ...rest } = options;
  const { dataset, trainedClasses, guide, step } = generator.provenance;
  if (dataset.catalogueVersion !== CATALOGUE_VERSION) {
    throw new DataError(
      `The model must be trained on built-in flowers of catalogue version ${CATALOGUE_VERSION}, but its data is "${dataset.name}" (${dataset.catalogueVersion === null ? 'no catalogue' : `version ${dataset.catalogueVersion}`}) instead.`,
      { hint: 'Of other data it is not known which colors the pictures should have.' },
    );
  }
  return measureAttributes({
    ...rest,
    split,
    painter: generatorPainter(generator, `generator of step ${step}`),
    encoder: generator.textEncoder,
    trainedClasses,
    guide,
  });
}
