import fs from 'node:fs';
import { ATTRIBUTE_VALUES } from '../../data/flowers/attributes';
import { mustBe, UsageError } from '../../errors';
import { featureNetworkFormat } from '../../models/feature-file';
import { FeatureNetwork, type FeatureNetworkLoadOptions } from '../../models/feature-network';
import { isFlorigenFile } from '../../models/sniff-format';
import type { Painting } from '../painter';
import { type ByHead, byHead, HEAD_ATTRIBUTES, type HeadAttribute } from './head-captions';

/** Pictures per native call, which fills up smaller ones to as many: a bound on memory, and on the wait of a signal. */
const PICTURES_PER_CALL = 32;

/** What the measure needs of a feature network; `FeatureNetwork` is one. */
export type HeadNetwork = Pick<
  FeatureNetwork,
  'fingerprint' | 'trunk' | 'network' | 'provenance' | 'extract'
>;

/** The place of the value that each head reads in a picture. */
export type HeadReading = ByHead<number>;

const hint =
  'Train one with `florigen features train` on built-in flowers, and name `features-network.safetensors` of its run folder.';

/** Loads a feature network to read pictures with. @throws UsageError where the file is none; CheckpointError, DataError */
export async function loadHeadNetwork(
  path: string,
  { device, threads }: FeatureNetworkLoadOptions,
): Promise<FeatureNetwork> {
  if (fs.existsSync(path) && !(await isFlorigenFile(path, featureNetworkFormat)))
    throw new UsageError(mustBe('features', 'a feature network that `florigen features train` wrote', path), {
      hint,
    });
  return await FeatureNetwork.load(path, { device, threads });
}

/** Reads number and shape of petals with the heads of a feature network; it sees nothing of the captions. */
export class HeadReader {
  readonly #network: HeadNetwork;
  /** Where the logits of each head begin. */
  readonly #starts: ByHead<number>;
  readonly #width: number;

  /** @throws UsageError for a network without these heads */
  constructor(network: HeadNetwork) {
    const { heads } = network.network;
    checkHeads(heads);
    const before = (end: number) => heads.slice(0, end).reduce((sum, { classes }) => sum + classes, 0);
    this.#network = network;
    this.#starts = byHead((attribute) => before(heads.findIndex(({ name }) => name === attribute)));
    this.#width = before(heads.length);
  }

  /**
   * @param turn called before every few pictures with the place of the last of them, from 0; may throw to stop
   */
  async read(paintings: readonly Painting[], turn: (last: number) => Promise<void>): Promise<HeadReading[]> {
    const readings: HeadReading[] = [];
    while (readings.length < paintings.length) {
      const some = paintings.slice(readings.length, readings.length + PICTURES_PER_CALL);
      await turn(readings.length + some.length - 1);
      readings.push(...(await this.#readSome(some)));
    }
    return readings;
  }

  /**
   * Each picture whole, resized as views are: it is a trainer's cut already (64 of 76 pixels), about the share that the
   * network's own views have (0.875); a cut of the cut would show flowers larger than the network knows them.
   */
  async #readSome(paintings: readonly Painting[]): Promise<HeadReading[]> {
    const { side } = paintings[0]!;
    const pixels = new Uint8Array(paintings.length * side * side * 3);
    for (const [i, { rgb }] of paintings.entries()) pixels.set(rgb, i * side * side * 3);
    const views = Int32Array.from(paintings.flatMap((_, i) => [i, 0, 0, 0]));
    const { logits } = await this.#network.extract(pixels, views, { side, cropSide: side });
    return paintings.map((_, i) => byHead((attribute) => this.#best(logits, i, attribute)));
  }

  #best(logits: Float32Array, row: number, attribute: HeadAttribute): number {
    const start = row * this.#width + this.#starts[attribute];
    const own = logits.subarray(start, start + ATTRIBUTE_VALUES[attribute].length);
    return own.indexOf(Math.max(...own));
  }
}

function checkHeads(heads: HeadNetwork['network']['heads']): void {
  const has = (attribute: HeadAttribute) =>
    heads.some(({ name, classes }) => name === attribute && classes === ATTRIBUTE_VALUES[attribute].length);
  if (HEAD_ATTRIBUTES.every(has)) return;
  const wanted = HEAD_ATTRIBUTES.map((name) => `${name} (${ATTRIBUTE_VALUES[name].length} values)`);
  const present = heads.map(({ name, classes }) => `${name} (${classes})`).join(', ');
  throw new UsageError(
    `\`features\` must be a feature network with the heads ${wanted.join(' and ')}, but has ${present || 'no heads'} instead`,
    { hint },
  );
}
