import { COLOR_NAMES, type ColorName } from '../data/flowers/palette';
import type { TextEncoder } from '../models/text-encoder';
import type { AttributeCaption } from './attribute-captions';
import { chooseClassifier, type FittedBy } from './linear-probe';
import { classify } from './logistic-regression';
import { type Proportion, proportion } from './statistics';

/** Strengths that are tried of the penalty of logistic regression. */
const L2_CHOICES = [1e-6, 1e-5, 1e-4];

/** What can be read linearly from the embedding of a caption: a ceiling for a generator with a linear text layer. */
export interface ReferenceLine {
  petal: Proportion;
  center: Proportion;
  fittedOn: number;
  /** What the validation captions chose. */
  fittedBy: { petal: FittedBy; center: FittedBy };
}

export interface ReferenceLineOptions {
  encoder: TextEncoder;
  /** Captions of training species. */
  training: AttributeCaption[];
  /** Captions of validation species, by which loss and penalty are chosen. */
  validation: AttributeCaption[];
  /** The captions to be read. */
  captions: AttributeCaption[];
  seed: number;
  signal?: AbortSignal;
}

/** Fits a linear classifier for petals and one for centers, and reads the captions with them. */
export async function referenceLine(options: ReferenceLineOptions): Promise<ReferenceLine> {
  const encode = async (captions: AttributeCaption[]) => {
    const texts = captions.map((caption) => caption.text);
    const { sentence } = await options.encoder.encode(texts, { signal: options.signal });
    return toUnitLength(sentence.data, sentence.shape[1]);
  };
  const training = await encode(options.training);
  const validation = await encode(options.validation);
  const embeddings = await encode(options.captions);
  const line = async (color: (caption: AttributeCaption) => ColorName) => {
    const labels = (captions: AttributeCaption[]) => captions.map((c) => COLOR_NAMES.indexOf(color(c)));
    const { classifier, fittedBy } = await chooseClassifier({
      training: { ...training, labels: labels(options.training) },
      validation: { ...validation, labels: labels(options.validation) },
      classCount: COLOR_NAMES.length,
      penalties: L2_CHOICES,
      seed: options.seed,
      signal: options.signal,
    });
    const read = classify(classifier, embeddings.data);
    const asked = labels(options.captions);
    const observations = options.captions.map((caption, i) => ({
      cluster: caption.species,
      success: read[i] === asked[i],
    }));
    return { share: proportion(observations, options.seed), fittedBy };
  };
  const petal = await line((caption) => caption.petal);
  const center = await line((caption) => caption.center);
  return {
    petal: petal.share,
    center: center.share,
    fittedOn: options.training.length,
    fittedBy: { petal: petal.fittedBy, center: center.fittedBy },
  };
}

interface Embeddings {
  data: Float32Array;
  width: number;
}

/** Rows of length 1, so that the penalties mean the same for every encoder. */
function toUnitLength(data: Float32Array, width: number): Embeddings {
  const out = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += width) {
    let squares = 0;
    for (let i = from; i < from + width; i++) squares += data[i]! ** 2;
    const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = from; i < from + width; i++) out[i] = data[i]! * factor;
  }
  return { data: out, width };
}
