import { PhiloxStream, PURPOSE } from '../data/philox';
import { classify, fitLogisticRegression, type LinearClassifier } from './logistic-regression';
import { EVALUATION_PASS } from './statistics';

const EPOCHS = 10;
const LEARNING_RATE = 0.05;

/** Embeddings, row-major, and the class number of each row. */
export interface LabelledRows {
  data: Float32Array;
  width: number;
  labels: number[];
}

/** What {@link chooseClassifier} fits and chooses by. */
export interface ProbeFit {
  training: LabelledRows;
  /** Chooses among the penalties. */
  validation: LabelledRows;
  classCount: number;
  /** Strengths of the penalty that are tried; of equally good ones the first is taken. */
  penalties: readonly number[];
  seed: number;
  signal?: AbortSignal | undefined;
}

/** A multinomial logistic regression for each penalty; the one that reads most validation rows right. */
export async function chooseClassifier(fit: ProbeFit): Promise<{ classifier: LinearClassifier; l2: number }> {
  const { training, validation, classCount, seed, signal } = fit;
  let chosen: { classifier: LinearClassifier; l2: number; right: number } | null = null;
  for (const l2 of fit.penalties) {
    const classifier = await fitLogisticRegression({
      features: training.data,
      featureCount: training.width,
      labels: training.labels,
      classCount,
      l2,
      epochs: EPOCHS,
      learningRate: LEARNING_RATE,
      random: new PhiloxStream(seed, PURPOSE.evaluation, { pass: EVALUATION_PASS.fit }),
      signal,
    });
    const read = classify(classifier, validation.data);
    const right = validation.labels.filter((label, i) => label === read[i]).length;
    if (!chosen || right > chosen.right) chosen = { classifier, l2, right };
  }
  return chosen!;
}
