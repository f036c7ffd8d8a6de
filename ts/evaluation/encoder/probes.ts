import { ATTRIBUTE_VALUES } from '../../data/flowers/attributes';
import { chooseClassifier, type FittedBy, type LabelledRows } from '../linear-probe';
import { classify } from '../logistic-regression';
import { type Proportion, proportion } from '../statistics';
import { namedValues } from './caption-names';
import type { EncodedCaptions } from './encode-captions';
import type { Rows } from './zero-shot';

/** The attributes that are read from embeddings. */
export const PROBED_ATTRIBUTES = ['petalColor', 'centerColor', 'petalCount', 'petalShape'] as const;
export type ProbedAttribute = (typeof PROBED_ATTRIBUTES)[number];
/** Captions of each species that a probe is fitted on, and of each by which its penalty is chosen. */
export const PROBE_CAPTIONS = { training: 100, validation: 60 } as const;
const PENALTIES = [1e-5, 1e-4, 1e-3];

/** What a linear classifier reads of one attribute. */
export interface Probe {
  attribute: ProbedAttribute;
  /** Captions of the split in words of training that name the attribute. */
  share: Proportion;
  /** Those in words kept out of training. */
  heldOut: Proportion;
  /** The most frequent value among the captions of `share`. */
  majority: number;
  fittedOn: number;
  /** The loss and the penalty that validation captions chose. */
  fittedBy: FittedBy;
}

/** Captions with their embeddings: to fit on, to choose the penalty by, and to score. */
export interface ProbeData {
  training: EncodedCaptions;
  validation: EncodedCaptions;
  measured: EncodedCaptions;
}

/** One probe for each attribute (docs/evaluation.md). */
export async function runProbes(
  data: ProbeData,
  { seed, signal }: { seed: number; signal?: AbortSignal | undefined },
): Promise<Probe[]> {
  const scale = standardizer(data.training.rows);
  const probes: Probe[] = [];
  for (const attribute of PROBED_ATTRIBUTES) {
    const [training, validation, measured] = [data.training, data.validation, data.measured].map((part) =>
      namingRows(part, attribute, scale),
    ) as [NamingRows, NamingRows, NamingRows];
    const classCount = ATTRIBUTE_VALUES[attribute].length;
    const { classifier, fittedBy } = await chooseClassifier({
      ...{ training, validation, classCount, penalties: PENALTIES },
      ...{ seed, signal },
    });
    const read = classify(classifier, measured.data);
    const share = (held: boolean) => {
      const chosen = [...measured.labels.keys()].filter((i) => measured.held[i] === held);
      const observations = chosen.map((i) => ({
        cluster: measured.species[i]!,
        success: read[i] === measured.labels[i],
      }));
      return proportion(observations, seed);
    };
    const labels = measured.labels.filter((_, i) => !measured.held[i]);
    const majority = largestShare(labels);
    const fittedOn = training.labels.length;
    probes.push({ attribute, share: share(false), heldOut: share(true), majority, fittedOn, fittedBy });
  }
  return probes;
}

interface NamingRows extends LabelledRows {
  species: number[];
  held: boolean[];
}

/** The captions that name an attribute, their scaled embeddings, and what they say. */
function namingRows(
  { captions, rows }: EncodedCaptions,
  attribute: ProbedAttribute,
  scale: (row: Float32Array) => Float32Array,
): NamingRows {
  const { width } = rows;
  const named = captions.flatMap(({ text, classId, held }, row) => {
    const value = namedValues(text).get(attribute);
    return value === undefined ? [] : [{ row, label: value.index, classId, held }];
  });
  const data = new Float32Array(named.length * width);
  for (const [i, { row }] of named.entries())
    data.set(scale(rows.data.subarray(row * width, (row + 1) * width)), i * width);
  return {
    data,
    width,
    labels: named.map(({ label }) => label),
    species: named.map(({ classId }) => classId),
    held: named.map(({ held }) => held),
  };
}

/** Centers each number and divides it by its deviation over the rows, and by the root of the width. */
export function standardizer({ data, width }: Rows): (row: Float32Array) => Float32Array {
  const count = data.length / width;
  const mean = new Float64Array(width);
  const variance = new Float64Array(width);
  for (let i = 0; i < data.length; i++) mean[i % width]! += data[i]! / count;
  for (let i = 0; i < data.length; i++) variance[i % width]! += (data[i]! - mean[i % width]!) ** 2 / count;
  const factor = variance.map((v) => (v > 0 ? 1 / Math.sqrt(v * width) : 0));
  return (row) => row.map((value, k) => (value - mean[k]!) * factor[k]!);
}

function largestShare(labels: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(0, ...counts.values()) / labels.length;
}
