import type { Dataset } from '../../data/dataset';
import { Generator } from '../../models/generator';
import { count } from '../format';
import type { Output } from '../output';
import { type Picture, writeGrid } from '../picture-output';
import { withoutKnownSentences } from './data';
import { demoSentences, picturesPerSentence } from './sentences';
import type { DemoPaths, DemoSettings } from './settings';

interface DrawTask {
  dataset: Dataset;
  paths: DemoPaths;
  settings: DemoSettings;
  threads: number | undefined;
  signal: AbortSignal;
}

/** Draws the sentences with the bundle alone, as a stranger would who was given it. @returns the sentences */
export async function drawDemo(
  output: Output,
  { dataset, paths, settings, threads, signal }: DrawTask,
): Promise<string[]> {
  const prompts = withoutKnownSentences(dataset, demoSentences);
  const total = prompts.length * picturesPerSentence;
  const progress = output.progress({ title: 'Drawing', unit: 'pictures', total });
  const generator = await Generator.load(paths.bundle, threads === undefined ? {} : { threads });
  const pictures: Picture[] = [];
  try {
    output.notice(generator.notice);
    for (const prompt of prompts) {
      signal.throwIfAborted();
      pictures.push(
        ...(await generator.generate({ prompts: [prompt], count: picturesPerSentence, seed: settings.seed })),
      );
      progress.update(pictures.length);
    }
  } finally {
    progress.end();
    await generator.dispose();
  }
  await writeGrid(paths.pictures, pictures, {
    columns: 2 * picturesPerSentence,
    title: 'Sentences that were never in the data',
    subtitle: `trained for ${count(settings.steps)} steps on ${count(settings.images + settings.hybrids)} built-in flowers`,
  });
  return prompts;
}
