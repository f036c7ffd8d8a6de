import type { Dataset } from '../../data/dataset';
import { HashedNgramEncoder } from '../../models/hashed-ngrams';
import type { TextEncoder } from '../../models/text-encoder';
import {
  type ClassCaption,
  captionsOfSplit,
  drawCaptions,
  type EncodedCaptions,
  encodeRows,
} from './encode-captions';
import type { ComparedProbe } from './encoder-evaluation';
import { PROBE_CAPTIONS, type Probe, type ProbeData, runProbes } from './probes';
import { captionTriples } from './triple-captions';
import { scoreTriples, type TripleScores, triplesTexts } from './triples';

/** What an evaluation of an encoder reports on the way. */
export interface EncoderEvaluationProgress {
  phase: 'captions' | 'captions for probes' | 'n-grams' | 'triples';
  done: number;
  total: number;
}

/** What the measures on sentences alone need. */
export interface TextMeasureOptions {
  encoder: TextEncoder;
  dataset: Dataset;
  /** Key of the bootstrap and of the order of a probe's rows. */
  seed?: number;
  signal?: AbortSignal;
  onProgress?: (progress: EncoderEvaluationProgress) => void;
}

/** Encodes captions of the split that is measured. */
export async function encodeCaptions(
  encoder: TextEncoder,
  captions: ClassCaption[],
  options: TextMeasureOptions,
  phase: EncoderEvaluationProgress['phase'] = 'captions',
): Promise<EncodedCaptions> {
  const texts = captions.map(({ text }) => text);
  return { captions, rows: await encode(encoder, texts, phase, options) };
}

/** The probes on the encoder beside those on n-grams. */
export async function compareProbes(
  measured: EncodedCaptions,
  options: TextMeasureOptions,
): Promise<ComparedProbe[]> {
  const { encoder, dataset, seed = 0, signal } = options;
  const drawn = (split: 'training' | 'validation') =>
    drawCaptions(captionsOfSplit(dataset, split), PROBE_CAPTIONS[split]);
  const [training, validation] = [drawn('training'), drawn('validation')];
  const probesOn = async (
    reader: TextEncoder,
    own: EncodedCaptions,
    phase: EncoderEvaluationProgress['phase'],
  ): Promise<Probe[]> => {
    const fitted = await encodeCaptions(reader, [...training, ...validation], options, phase);
    const data: ProbeData = { ...divide(fitted, training.length), measured: own };
    return await runProbes(data, { seed, signal });
  };
  const ngrams = new HashedNgramEncoder();
  const captions = await encodeCaptions(ngrams, measured.captions, options, 'n-grams');
  const beside = await probesOn(ngrams, captions, 'n-grams');
  const isNgrams = ngrams.fingerprint === encoder.fingerprint;
  const own = isNgrams ? beside : await probesOn(encoder, measured, 'captions for probes');
  return own.map((probe, i) => ({ ...probe, ngrams: beside[i]!.share }));
}

function divide({ captions, rows: { data, width } }: EncodedCaptions, count: number) {
  return {
    training: { captions: captions.slice(0, count), rows: { data: data.subarray(0, count * width), width } },
    validation: { captions: captions.slice(count), rows: { data: data.subarray(count * width), width } },
  };
}

/** Paraphrases against captions with something changed. */
export async function measureTriples(
  split: 'validation' | 'test',
  options: TextMeasureOptions,
): Promise<TripleScores> {
  const triples = captionTriples(split);
  const rows = await encode(options.encoder, triplesTexts(triples), 'triples', options);
  return scoreTriples(triples, rows, options.seed ?? 0);
}

async function encode(
  encoder: TextEncoder,
  texts: string[],
  phase: EncoderEvaluationProgress['phase'],
  { signal, onProgress }: TextMeasureOptions,
): Promise<EncodedCaptions['rows']> {
  const onBlock = (done: number) => onProgress?.({ phase, done, total: texts.length });
  return await encodeRows(encoder, texts, { signal, onBlock });
}
