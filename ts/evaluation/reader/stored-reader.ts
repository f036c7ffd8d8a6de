import { CATALOGUE_VERSION } from '../../data/flowers/catalogue';
import { DataError } from '../../errors';
import { ColorReader, type ReaderNetworks } from './color-reader';
import { restoreNetwork, type StoredPixelNetwork, storeNetwork } from './pixel-network';

/** The committed file `reader-parameters.json`, written by `scripts/fit-color-reader.cjs`. */
export interface StoredReader {
  format: 'florigen.color-reader';
  formatVersion: 1;
  /** The catalogue and the class ids that the reader was fitted on. */
  catalogueVersion: number;
  classIds: number[];
  /** How it was fitted; for people. */
  fit: {
    seed: number;
    picturesPerSpecies: number;
    pixelsPerPicture: number;
    epochs: number;
    learningRate: number;
  };
  first: StoredPixelNetwork;
  second: StoredPixelNetwork;
}

export function storeReader(
  networks: ReaderNetworks,
  origin: Pick<StoredReader, 'catalogueVersion' | 'classIds' | 'fit'>,
): StoredReader {
  return {
    format: 'florigen.color-reader',
    formatVersion: 1,
    ...origin,
    first: storeNetwork(networks.first),
    second: storeNetwork(networks.second),
  };
}

export function restoreReader(stored: StoredReader): ColorReader {
  return new ColorReader({ first: restoreNetwork(stored.first), second: restoreNetwork(stored.second) });
}

/**
 * Refuses to measure with a reader that knows the classes to be measured, or that was fitted on another catalogue,
 * whose class ids mean other species.
 * @throws DataError
 */
export function checkReaderIsForeign(stored: StoredReader, measuredClassIds: Iterable<number>): void {
  if (stored.catalogueVersion !== CATALOGUE_VERSION) {
    throw new DataError(
      `The color reader must be fitted on catalogue version ${CATALOGUE_VERSION}, but is of version ${stored.catalogueVersion} instead.`,
      { hint: 'Fit it again: `node scripts/fit-color-reader.cjs`.' },
    );
  }
  const known = new Set(stored.classIds);
  const shared = [...new Set(measuredClassIds)].filter((id) => known.has(id)).sort((a, b) => a - b);
  if (shared.length > 0) {
    throw new DataError(
      `The color reader must be fitted on other classes than those that it measures, but it knows class ${shared.join(', ')}.`,
      { hint: 'Measure validation or test classes, or fit a reader without these classes.' },
    );
  }
}
