import { Dataset } from '../data/dataset';
import { DataError, mustBe, UsageError } from '../errors';

/** An opened data set, or the one at a path. @throws UsageError where there is neither; DataError */
export async function openDataset(
  data: Dataset | string | undefined,
  fallback: string | undefined,
): Promise<Dataset> {
  if (data instanceof Dataset) return data;
  const path = data ?? fallback;
  if (typeof path !== 'string' || path === '')
    throw new UsageError(mustBe('data', 'a data set or the path of a pack', path), {
      hint: 'Build one with `florigen dataset build`.',
    });
  return await Dataset.open(path);
}

/** @throws DataError where a pack is not the one that a run began with */
export function refuseOtherData(dataset: Dataset, expected: { name: string; fingerprint: string }): void {
  if (dataset.fingerprint === expected.fingerprint) return;
  throw new DataError(
    `\`${dataset.path}\` must be the data set "${expected.name}" that the run began with, but is another one.`,
    { hint: `Its fingerprint must be ${expected.fingerprint.slice(0, 16)}…, as run.json says.` },
  );
}
