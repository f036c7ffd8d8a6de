import type { Dataset } from '../data/dataset';
import { CATALOGUE_VERSION } from '../data/flowers/catalogue';
import { PhiloxStream, PURPOSE } from '../data/philox';
import { DataError } from '../errors';
import type { GuideProvenance } from '../models/provenance';
import type { TextEncoder } from '../models/text-encoder';
import {
  type AttributeCaption,
  attributeCaptions,
  type CaptionSet,
  captionsDigest,
  fittingCaptions,
  quickCaptions,
} from './attribute-captions';
import { type AttributeResult, type ColorLine, judge } from './attribute-result';
import { type ColorAnswer, scoreColors, scoreGradients, scoreTwins } from './color-scores';
import { diversity, meanAbsoluteDifference } from './diversity';
import { checkTrainedElsewhere } from './encoder/foreign-classes';
import { type HeadNetwork, HeadReader } from './heads/head-reader';
import { measureHeads } from './heads/measure-heads';
import type { Painter, Painting } from './painter';
import { renderPainter } from './painters';
import { type EvaluationProgress, PaintingSession } from './painting-session';
import type { ColorReader } from './reader/color-reader';
import storedReader from './reader/reader-parameters.json';
import { checkReaderIsForeign, restoreReader, type StoredReader } from './reader/stored-reader';
import { checkFlowersPack, readerRenders, renderedPairs } from './real-renders';
import { referenceLine } from './reference-line';
import { EVALUATION_PASS } from './statistics';

export interface MeasureAttributesOptions {
  painter: Painter;
  /** A pack of built-in flowers: the real renders come from it. */
  dataset: Dataset;
  /** `validation` for every choice, `test` for the final figure. */
  split: 'validation' | 'test';
  /** Reads the sentences for the painter, and makes the reference line; without it there is none. */
  encoder?: TextEncoder;
  /** A feature network whose heads read number and shape of petals; without it they are not measured. */
  features?: HeadNetwork;
  /** Classes that the painter was trained on; evaluation refuses where they meet those of the split. */
  trainedClasses?: readonly number[];
  /** What guided the painter in training: another network than that of `features`, without knowing these classes. */
  guide?: GuideProvenance | undefined;
  /** First seed of the noise, uint32; default 0. */
  seed?: number;
  /**
   * A look in between, never a final figure: a third of the captions, a fifth of the real renders, and neither the
   * attainable maximum nor the reference line, which do not depend on the painter. Default false.
   */
  quick?: boolean;
  /** Ask the renderer for every caption, too, for the attainable maximum; default true unless `quick`. */
  attainable?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: EvaluationProgress) => void;
}

const FITTING_CAPTIONS_PER_SPECIES = 300;

/**
 * Measures whether the colors that a sentence asks for are in the picture (docs/evaluation.md). One picture per
 * caption, no selection.
 * @throws DataError where reader, painter, text encoder or feature network know the classes to be measured; UsageError
 *   for a feature network without the heads; FlorigenError `ABORTED`
 */
export async function measureAttributes(options: MeasureAttributesOptions): Promise<AttributeResult> {
  const { dataset, split, seed = 0 } = options;
  checkFlowersPack(dataset);
  const captions = options.quick ? quickCaptions(attributeCaptions(split)) : attributeCaptions(split);
  const stored = storedReader as StoredReader;
  checkReaderIsForeign(
    stored,
    dataset.imagesOf(split).map((image) => dataset.classOf(image)),
  );
  checkPainterIsForeign(options, captions);
  checkNetworks(options, captions);
  const session = new PaintingSession({ seed, signal: options.signal, onProgress: options.onProgress });
  const judgeOfColors = new Judge(restoreReader(stored), options, session);
  const quick = options.quick === true;
  const attainable = options.attainable ?? !quick;

  const plain = await judgeOfColors.answers(options.painter, captions.plain);
  const twins = await judgeOfColors.answers(options.painter, captions.twins);
  const heldOut = await judgeOfColors.answers(options.painter, captions.heldOut);
  const gradient = await judgeOfColors.answers(options.painter, captions.gradient);
  const all = [...plain, ...twins];
  const result = {
    format: 'florigen.attribute-evaluation',
    formatVersion: 3,
    painter: options.painter.name,
    split,
    seed,
    quick,
    catalogueVersion: CATALOGUE_VERSION,
    captionsDigest: captionsDigest(captions),
    species: new Set(captions.plain.map((caption) => caption.species)).size,
    all: line(all, seed),
    plain: line(plain, seed),
    twins: { ...line(twins, seed), pairs: scoreTwins(plain, twins, seed) },
    heldOut: line(heldOut, seed),
    shuffled: line(shuffle(all, seed), seed),
    gradient: { scores: scoreGradients(gradient, seed), captions: gradient.length },
    diversity: await judgeOfColors.diversity(plain),
    reader: await judgeOfColors.reader(),
    attainable: attainable ? await judgeOfColors.attainable(captions) : null,
    reference: quick ? null : await judgeOfColors.reference(captions),
    heads: options.features
      ? await measureHeads({ ...options, network: options.features, session, quick, attainable })
      : null,
  } as const;
  const bars = judge(result);
  return { ...result, bars, passed: Object.values(bars).every((bar) => bar.verdict !== 'failed') };
}

/** A picture with what was asked of it and what was read. */
interface PaintedAnswer extends ColorAnswer {
  painting: Painting;
}

/** The parts of one evaluation, which share reader and session. */
class Judge {
  constructor(
    private readonly colorReader: ColorReader,
    private readonly options: MeasureAttributesOptions,
    private readonly session: PaintingSession,
  ) {}

  private get seed(): number {
    return this.session.seed;
  }

  async answers(
    painter: Painter,
    captions: AttributeCaption[],
    phase: 'painting' | 'attainable maximum' = 'painting',
  ): Promise<PaintedAnswer[]> {
    const paintings = await this.session.paint(painter, captions, { noise: 0, phase });
    const answers: PaintedAnswer[] = [];
    for (const [i, painting] of paintings.entries()) {
      await this.session.turn(phase === 'painting' ? 'reading' : phase, i, paintings.length);
      const reading = this.colorReader.read(painting.rgb, painting.side);
      answers.push({ caption: captions[i]!, painting, reading });
    }
    return answers;
  }

  /** The captions with even numbers are painted once more, with a second noise. */
  async diversity(answers: PaintedAnswer[]): Promise<AttributeResult['diversity']> {
    const first = answers.filter((answer) => answer.caption.number % 2 === 0);
    const captions = first.map((answer) => answer.caption);
    const second = await this.session.paint(this.options.painter, captions, {
      noise: 1,
      phase: 'painting',
    });
    const painted = first.map((answer, i) => ({
      species: answer.caption.species,
      difference: meanAbsoluteDifference(answer.painting, second[i]!),
    }));
    return diversity(
      painted,
      await renderedPairs(this.options.dataset, this.options.split, this.seed),
      this.seed,
    );
  }

  /** The reader on real renders of the split. */
  async reader(): Promise<AttributeResult['reader']> {
    const renders = await readerRenders(
      this.options.dataset,
      this.options.split,
      this.options.quick ? 100 : 500,
      this.seed,
    );
    const answers: ColorAnswer[] = [];
    for (const [i, { caption, painting }] of renders.entries()) {
      await this.session.turn('real renders', i, renders.length);
      answers.push({ caption, reading: this.colorReader.read(painting.rgb, painting.side) });
    }
    const { petal, center, both } = scoreColors(
      answers.filter((answer) => answer.caption.tip === null),
      this.seed,
    );
    const gradient = scoreGradients(
      answers.filter((answer) => answer.caption.tip !== null),
      this.seed,
    );
    return { petal, center, both, gradient };
  }

  async attainable(captions: CaptionSet): Promise<AttributeResult['attainable']> {
    const asked = [...captions.plain, ...captions.twins];
    const all = await this.answers(renderPainter(), asked, 'attainable maximum');
    const gradient = await this.answers(renderPainter(), captions.gradient, 'attainable maximum');
    return { all: scoreColors(all, this.seed), gradient: scoreGradients(gradient, this.seed) };
  }

  async reference(captions: CaptionSet): Promise<AttributeResult['reference']> {
    const { encoder, signal } = this.options;
    if (!encoder) return null;
    await this.session.turn('reference line', 0, 1);
    return referenceLine({
      encoder,
      training: fittingCaptions('training', FITTING_CAPTIONS_PER_SPECIES),
      validation: attributeCaptions('validation').plain,
      captions: [...captions.plain, ...captions.twins],
      seed: this.seed,
      signal,
    });
  }
}

function line(answers: ColorAnswer[], seed: number): ColorLine {
  return { scores: scoreColors(answers, seed), captions: answers.length };
}

/** Every picture against a caption of another species, drawn at random. */
function shuffle(answers: ColorAnswer[], seed: number): ColorAnswer[] {
  return answers.map(({ caption, reading }, row) => {
    const random = new PhiloxStream(seed, PURPOSE.evaluation, { pass: EVALUATION_PASS.shuffle, row });
    const others = answers.filter((other) => other.caption.species !== caption.species);
    return { caption: random.pick(others).caption, reading };
  });
}

function checkPainterIsForeign(options: MeasureAttributesOptions, captions: CaptionSet): void {
  const asked = new Set([...captions.plain, ...captions.gradient].map((caption) => caption.species));
  const shared = (options.trainedClasses ?? []).filter((id) => asked.has(id));
  if (shared.length > 0) {
    throw new DataError(
      `The model must be trained on other classes than those that measure it, but class ${shared.join(', ')} of the ${options.split} split was among them.`,
      { hint: 'Measure it on another split, or train it on the training classes alone.' },
    );
  }
}

/** Refuses, before anything is painted, networks that know the classes to be measured, or have no such heads. */
function checkNetworks(options: MeasureAttributesOptions, captions: CaptionSet): void {
  const { encoder, features, guide, dataset, split } = options;
  const species = [...captions.plain, ...captions.gradient].map((caption) => caption.species);
  const about = { dataset, split, classes: [...new Set(species)] };
  checkTrainedElsewhere('The text encoder', encoder?.provenance, about);
  checkTrainedElsewhere('The guide of the model', guide, about);
  if (!features) return;
  if (features.trunk === guide?.fingerprint)
    throw new DataError(
      'The network of `features` must be another one than that which guided the model in training, but is the same.',
      { hint: 'What was trained to please a network proves nothing to it; train one with another seed.' },
    );
  new HeadReader(features);
  checkTrainedElsewhere('The network of `features`', features.provenance, about);
}
