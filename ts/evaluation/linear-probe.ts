import { PhiloxStream, PURPOSE } from '../data/philox';
import { classify, fitLogisticRegression, type LinearClassifier } from './logistic-regression';
import { fitRidgeClassifiers } from './ridge-classifier';
import { EVALUATION_PASS } from './statistics';

const EPOCHS = 10;
const LEARNING_RATE = 0.05;
/** Strengths that are tried of the penalty of least squares, relative to the mean variance of a feature. */
const RIDGE_PENALTIES = [1e-3, 1e-2, 1e-1];

/** Embeddings, row-major, and the class number of each row. */
export interface LabelledRows {
  data: Float32Array;
  width: number;
  labels: number[];
}

/** What {@link chooseClassifier} fits and chooses by. */
export interface ProbeFit {
  training: LabelledRows;
  /** Chooses among the classifiers. */
  validation: LabelledRows;
  classCount: number;
  /** Strengths that are tried of the penalty of logistic regression. */
  penalties: readonly number[];
  seed: number;
  signal?: AbortSignal | undefined;
}

/** How a classifier was fitted. */
export interface FittedBy {
  loss: 'logistic' | 'squares';
  penalty: number;
}

/** A linear classifier, and how it was fitted. */
export interface ChosenClassifier {
  classifier: LinearClassifier;
  fittedBy: FittedBy;
}

/**
 * Logistic regression and least squares, each with every penalty; the one that reads most validation rows right, of
 * equally good ones the first.
 */
export async function chooseClassifier(fit: ProbeFit): Promise<ChosenClassifier> {
  const { validation } = fit;
  let chosen: (ChosenClassifier & { right: number }) | null = null;
  for await (const candidate of candidates(fit)) {
    const read = classify(candidate.classifier, validation.data);
    const right = validation.labels.filter((label, i) => label === read[i]).length;
    if (!chosen || right > chosen.right) chosen = { ...candidate, right };
  }
  const { classifier, fittedBy } = chosen!;
  return { classifier, fittedBy };
}

async function* candidates(fit: ProbeFit): AsyncGenerator<ChosenClassifier> {
  const { training, classCount, seed, signal } = fit;
  const { data: features, width: featureCount, labels } = training;
  const rows = { features, featureCount, labels, classCount, signal };
  for (const l2 of fit.penalties) {
    const random = new PhiloxStream(seed, PURPOSE.evaluation, { pass: EVALUATION_PASS.fit });
    const how = { l2, epochs: EPOCHS, learningRate: LEARNING_RATE, random };
    const classifier = await fitLogisticRegression({ ...rows, ...how });
    yield { classifier, fittedBy: { loss: 'logistic', penalty: l2 } };
  }
  const ridge = await fitRidgeClassifiers({ ...rows, penalties: RIDGE_PENALTIES });
  for (const [i, classifier] of ridge.entries())
    yield { classifier, fittedBy: { loss: 'squares', penalty: RIDGE_PENALTIES[i]! } };
}
