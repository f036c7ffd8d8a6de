import type { Dataset } from '../../data/dataset';
import { DataError } from '../../errors';

/**
 * Refuses to measure what has been trained on the classes that measure it: classes of the same catalogue, or of the
 * same pack. @param what as a sentence begins: "The text encoder"
 * @throws DataError
 */
export function checkTrainedElsewhere(
  what: string,
  provenance: Readonly<Record<string, unknown>> | null | undefined,
  { dataset, split, classes }: { dataset: Dataset; split: string; classes: readonly number[] },
): void {
  // An encoder that was trained further, with a GAN, has seen both.
  if (provenance?.fineTuned)
    checkTrainedElsewhere(what, recordOf(provenance.fineTuned), { dataset, split, classes });
  if (!provenance || !Array.isArray(provenance.trainedClasses)) return;
  const catalogue = dataset.metadata.generator?.catalogueVersion;
  const sameClasses = catalogue !== undefined && provenance.catalogueVersion === catalogue;
  if (!sameClasses && provenance.pack !== dataset.fingerprint) return;
  const trained = new Set<unknown>(provenance.trainedClasses);
  const shared = classes.filter((classId) => trained.has(classId));
  if (shared.length === 0) return;
  const names = shared.slice(0, 3).map((classId) => dataset.classNames?.[classId] ?? String(classId));
  throw new DataError(
    `${what} must not have been trained on classes of the ${split} split, but has seen ${shared.length} of them (${names.join(', ')}${shared.length > 3 ? ', ...' : ''}).`,
    { hint: 'What was trained on classes says nothing of unseen ones; train on other splits.' },
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
