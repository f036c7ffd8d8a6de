import type { Dataset } from '../../data/dataset';
import { ATTRIBUTE_VALUES } from '../../data/flowers/attributes';
import type { AttributeCaption } from '../attribute-captions';
import type { Painter } from '../painter';
import { renderPainter } from '../painters';
import type { EvaluationProgress, PaintingSession } from '../painting-session';
import { readerRenders } from '../real-renders';
import { type Proportion, proportion } from '../statistics';
import { derangements } from './derangement';
import {
  askedValue,
  type ByHead,
  byHead,
  HEAD_ATTRIBUTES,
  HEAD_CAPTION_COUNT,
  headCaptions,
  headCaptionsDigest,
} from './head-captions';
import { type HeadNetwork, HeadReader } from './head-reader';
import { type HeadScores, SHUFFLES, scoreHead } from './head-scores';

const RENDERS = 500;

/** Number and shape of petals, as the heads of a feature network read them. */
export interface HeadsResult {
  network: { architecture: string; fingerprint: string; trainedClasses: number };
  /** SHA-256 over the captions of the split, in order. */
  captionsDigest: string;
  /** Captions of each attribute, and their species. */
  captions: number;
  species: number;
  shuffles: number;
  scores: ByHead<HeadScores>;
  /** Real renders of the split, from the pack. */
  real: ByHead<Proportion>;
  /** The renderer asked for the same captions; null where it was not asked. */
  attainable: ByHead<HeadScores> | null;
  /**
   * Renders in the asked colors with the number and shape of another species: what a painter reaches that knows colors
   * alone. Null where the renderer was not asked.
   */
  colorsAlone: ByHead<HeadScores> | null;
}

/** What is measured, and with what. */
export interface MeasureHeadsOptions {
  painter: Painter;
  network: HeadNetwork;
  dataset: Dataset;
  split: 'validation' | 'test';
  session: PaintingSession;
  quick: boolean;
  /** Ask the renderer, too. */
  attainable: boolean;
}

/**
 * Are number and shape of petals there that the sentence asks for? One picture a caption, read by the heads of a feature
 * network (docs/evaluation.md). @throws UsageError for a network without these heads; FlorigenError `ABORTED`
 */
export async function measureHeads(options: MeasureHeadsOptions): Promise<HeadsResult> {
  const { network, split, quick, attainable } = options;
  const captions = headCaptions(split, quick ? HEAD_CAPTION_COUNT / 3 : HEAD_CAPTION_COUNT);
  const judge = new HeadJudge(options);
  return {
    network: {
      architecture: network.network.architecture,
      fingerprint: network.fingerprint,
      trainedClasses: network.provenance?.trainedClasses.length ?? 0,
    },
    captionsDigest: headCaptionsDigest(captions),
    captions: captions.petalCount.length,
    species: new Set(captions.petalCount.map(({ species }) => species)).size,
    shuffles: SHUFFLES,
    scores: await judge.scores(options.painter, captions, 'painting'),
    real: await judge.realRenders(quick ? RENDERS / 5 : RENDERS),
    attainable: attainable ? await judge.scores(renderPainter(), captions, 'attainable maximum') : null,
    colorsAlone: attainable
      ? await judge.scores(colorsPainter(captions), captions, 'attainable maximum')
      : null,
  };
}

/** The parts of one measurement, which share the reader and the session. */
class HeadJudge {
  readonly #reader: HeadReader;

  constructor(private readonly options: MeasureHeadsOptions) {
    this.#reader = new HeadReader(options.network);
  }

  async scores(
    painter: Painter,
    captions: ByHead<AttributeCaption[]>,
    phase: EvaluationProgress['phase'],
  ): Promise<ByHead<HeadScores>> {
    const { session } = this.options;
    const scores: Partial<ByHead<HeadScores>> = {};
    for (const attribute of HEAD_ATTRIBUTES) {
      const asked = captions[attribute];
      const paintings = await session.paint(painter, asked, { noise: 0, phase });
      const readings = await this.#read(paintings);
      const answers = asked.map((caption, i) => ({
        species: caption.species,
        asked: askedValue(attribute, caption),
        read: readings[i]![attribute],
      }));
      scores[attribute] = scoreHead(answers, ATTRIBUTE_VALUES[attribute].length, session.seed);
    }
    return scores as ByHead<HeadScores>;
  }

  async realRenders(count: number): Promise<ByHead<Proportion>> {
    const { dataset, split, session } = this.options;
    const renders = await readerRenders(dataset, split, count, session.seed);
    const readings = await this.#read(renders.map(({ painting }) => painting));
    return byHead((attribute) => {
      const observations = renders.map(({ caption }, i) => ({
        cluster: caption.species,
        success: readings[i]![attribute] === askedValue(attribute, caption),
      }));
      return proportion(observations, session.seed);
    });
  }

  #read(paintings: Parameters<HeadReader['read']>[0]) {
    const turn = (last: number) => this.options.session.turn('number and shape', last, paintings.length);
    return this.#reader.read(paintings, turn);
  }
}

/** Paints the asked colors, and number and shape of a caption of another species, in a shuffle of its own. */
function colorsPainter(captions: ByHead<AttributeCaption[]>): Painter {
  const order = derangements(
    captions.petalCount.map(({ species }) => species),
    SHUFFLES + 1,
  ).at(-1)!;
  const painter = renderPainter();
  return {
    name: 'renders in the asked colors, of another number and shape',
    paint: (requests, options) =>
      painter.paint(
        requests.map(({ caption, seed }) => {
          const { petalCount, petalShape } = captions.petalCount[order[caption.number]!]!.attributes;
          const attributes = { ...caption.attributes, petalCount, petalShape };
          return { caption: { ...caption, attributes }, seed };
        }),
        options,
      ),
  };
}
