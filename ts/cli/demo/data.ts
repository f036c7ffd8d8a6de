import fs from 'node:fs';
import { Dataset } from '../../data/dataset';
import { hasCode } from '../../errors';
import { openModelFile, verifyModelFile } from '../../models/model-file';
import type { Output } from '../output';
import { packFlowers } from '../pack-flowers';
import type { DemoPaths, DemoSettings } from './settings';

/** The pack of the demo: the one that is there where it is whole and of these settings, else drawn now. */
export async function demoPack(
  output: Output,
  paths: DemoPaths,
  { images, hybrids, seed, signal }: DemoSettings & { signal: AbortSignal },
): Promise<Dataset> {
  const earlier = await openWhole(paths.pack, signal);
  const made = earlier?.metadata.generator;
  if (earlier?.imageCount === images + hybrids && made?.seed === seed && (made.hybrids ?? 0) === hybrids) {
    output.remark(`The flowers in ${paths.pack} are whole and taken as they are.`);
    return earlier;
  }
  await packFlowers(output, { path: paths.pack, images, hybrids, sizes: [76], seed, signal });
  return Dataset.open(paths.pack);
}

/** Null for a pack that is missing or not whole: it is drawn again, since it follows from the settings. */
async function openWhole(path: string, signal: AbortSignal): Promise<Dataset | null> {
  if (!fs.existsSync(path)) return null;
  try {
    const dataset = await Dataset.open(path);
    await dataset.verify({ signal });
    return dataset;
  } catch (error) {
    if (hasCode(error, 'DATA')) return null;
    throw error;
  }
}

/** Is the bundle there, unaltered, and of the last step? */
export async function isWholeBundle(paths: DemoPaths, { steps }: DemoSettings): Promise<boolean> {
  if (!fs.existsSync(paths.bundle)) return false;
  try {
    const model = await openModelFile(paths.bundle);
    await verifyModelFile(model);
    return model.provenance.step === steps;
  } catch (error) {
    if (hasCode(error, 'CHECKPOINT')) return false;
    throw error;
  }
}

/** Sentences that are no caption of the data, however they are capitalized and punctuated. */
export function withoutKnownSentences(dataset: Dataset, sentences: readonly string[]): string[] {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9 ]/g, '');
  const wanted = new Map(sentences.map((sentence) => [plain(sentence), sentence]));
  for (let index = 0; index < dataset.captionCount; index++)
    wanted.delete(plain(dataset.caption(index).text));
  return [...wanted.values()];
}
