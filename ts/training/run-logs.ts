import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { writeFileAtomic } from '../formats/atomic-file';
import { ioError } from '../formats/io-error';
import { EventWriter, truncateEvents } from '../formats/tfevents';
import { lossChart, type Panel } from './loss-chart';
import type { EpochLine } from './metrics';
import { appendMetrics, cutMetrics } from './metrics-file';
import type { RunPaths } from './run-folder';
import type { SampleGrid } from './sample-grid';

/** TensorBoard's names of metrics and rates. */
function tagOf(name: string): string {
  if (name.endsWith('Rate')) return name;
  return name.endsWith('Loss') ? `loss/${name.slice(0, -4)}` : `score/${name.replace(/Score$/, '')}`;
}

/** What is logged of a kind of run. */
export interface LogFormat {
  metricNames: readonly string[];
  /** Learning rates, where a line has them. */
  rateNames: readonly string[];
  panels: readonly Panel[];
}

/** The logs of a run: metrics lines, TensorBoard events, sample grids, the picture of the curves. */
export class RunLogs {
  readonly #folder: RunPaths;
  readonly #format: LogFormat;
  #lines: EpochLine[];

  private constructor(folder: RunPaths, format: LogFormat, lines: EpochLine[]) {
    this.#folder = folder;
    this.#format = format;
    this.#lines = lines;
  }

  /**
   * Opens the logs of a run that goes on at `step`, and takes back everything that was logged after it.
   * @param wholeEpochs epochs that were whole by then
   */
  static async openAt(
    folder: RunPaths,
    format: LogFormat,
    at: { step: number; wholeEpochs: number },
  ): Promise<RunLogs> {
    const kept = await cutMetrics<EpochLine>(
      folder.metricsPath,
      (line) => line.step <= at.step && line.epoch <= at.wholeEpochs,
    );
    await truncateEvents(folder.eventsPath, kept.at(-1)?.step ?? 0);
    await removeSamplesAfter(folder, at.wholeEpochs);
    const logs = new RunLogs(folder, format, kept);
    if (kept.length > 0) await logs.#drawChart();
    return logs;
  }

  /** The lines so far, oldest first. */
  get lines(): readonly EpochLine[] {
    return this.#lines;
  }

  /** Logs an epoch, durably, before the checkpoint that follows it. */
  async add(line: EpochLine, grid: SampleGrid | null): Promise<void> {
    if (grid !== null) await writeFileAtomic(this.#folder.samplePath(line.epoch), grid.png);
    await this.#addEvents(line, grid);
    await appendMetrics(this.#folder.metricsPath, line);
    this.#lines.push(line);
    await this.#drawChart();
  }

  async #addEvents(line: EpochLine, grid: SampleGrid | null): Promise<void> {
    const { metricNames, rateNames } = this.#format;
    const values: Record<string, number> = { epoch: line.epoch };
    const numbers = line as unknown as Record<string, number | null | undefined>;
    for (const name of [...rateNames, ...metricNames]) {
      const value = numbers[name];
      if (typeof value === 'number') values[tagOf(name)] = value;
    }
    values['time/imagesPerSecond'] = line.time.imagesPerSecond;
    const writer = await EventWriter.open(this.#folder.eventsPath);
    try {
      await writer.scalars(line.step, values);
      if (grid !== null) await writer.image(line.step, 'samples', grid);
    } finally {
      await writer.close();
    }
    await syncFile(this.#folder.eventsPath);
  }

  async #drawChart(): Promise<void> {
    const svg = lossChart(this.#lines, this.#format.panels);
    await writeFileAtomic(this.#folder.lossSvgPath, svg);
    await writeFileAtomic(this.#folder.lossPngPath, await sharp(Buffer.from(svg)).png().toBuffer());
  }
}

async function removeSamplesAfter(folder: RunPaths, epoch: number): Promise<void> {
  for (const name of await fs.promises.readdir(folder.samples)) {
    const match = /^epoch-(\d+)\.png$/.exec(name);
    if (match !== null && Number(match[1]) > epoch)
      await fs.promises.rm(path.join(folder.samples, name), { force: true });
  }
}

async function syncFile(file: string): Promise<void> {
  try {
    const handle = await fs.promises.open(file, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw ioError(file, 'could not be saved', error);
  }
}
