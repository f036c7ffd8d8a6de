import path from 'node:path';
import { hasCode } from '../errors';
import { verifyContent } from '../formats/safetensors';
import { EncoderConfig } from '../models/encoder-options';
import { FeatureConfig } from '../models/feature-options';
import { type NetworkRunKind, networkRuns, resumeCommand, writtenNetwork } from '../models/network-runs';
import type { OptionsConfig } from '../models/options-config';
import type { EpochLine } from '../training/metrics';
import { readMetrics } from '../training/metrics-file';
import { RunFolder } from '../training/run-folder';
import { RunSchedule, type ScheduleOptions } from '../training/schedule';
import { TrainerCheckpoint } from '../training/trainer-checkpoint';
import { checkpointParts, listCheckpoints } from './checkpoint-list';
import { bytes, count, table } from './format';
import type { Output } from './output';

type NetworkOptions = ScheduleOptions & { preset: string; architecture: string };

/** The options of each kind, and the names of those that say how large the network is. */
const kinds: Record<NetworkRunKind, { config: OptionsConfig<NetworkOptions>; sizes: readonly string[] }> = {
  encoder: { config: EncoderConfig, sizes: ['convolutionSize', 'embeddingSize', 'length'] },
  features: { config: FeatureConfig, sizes: ['inputSize'] },
};

/** Says what the run of a text encoder or a feature network trains, how far it is, and what it ended with. */
export async function inspectNetworkRun(
  output: Output,
  folder: string,
  kind: NetworkRunKind,
): Promise<undefined> {
  const { trains, checkpointFormat } = networkRuns[kind];
  const run = new RunFolder(folder, kinds[kind].config);
  const options = await run.options();
  const { data } = await run.record();
  const listed = await listCheckpoints(folder, (file) => TrainerCheckpoint.open(file, checkpointFormat));
  const step = listed[0]?.step ?? 0;
  const { provenance = null } = listed.find(({ state }) => state !== null)?.state ?? {};
  const lines = (await readMetrics<EpochLine>(run.metricsPath)).filter((line) => line.step <= step);
  const stand = standAt(step, options, lines);
  const written = await writtenFile(kind, folder);
  const finished = written?.step === step && step >= (stand.stepCount ?? 0);
  const network = networkOf(kind, options);
  const checkpoints = checkpointParts(listed);
  const fields = {
    path: folder,
    kind: 'run',
    trains: kind,
    preset: options.preset,
    network,
    data,
    provenance,
    ...stand,
    finished,
    metrics: lines.at(-1) ?? null,
    file: written,
    checkpoints: checkpoints.fields,
  };
  const rows = [
    ['is', `a training run of ${trains}, ${finished ? 'finished' : 'not finished'}`],
    ['preset', options.preset],
    ['network', networkText(network)],
    ['on', dataText(data, provenance)],
    ['trained', standText(stand)],
    ...lines.slice(-1).map((line) => [`epoch ${line.epoch}`, metricsText(line)]),
    ['ended with', writtenText(written, step)],
    ...(finished ? [] : [['go on with', resumeCommand(kind, folder)]]),
    ...checkpoints.rows,
  ];
  output.result('inspect', fields, `${folder}\n${table(rows)}`);
  return undefined;
}

/** Steps and whole epochs that are done, and of how many; null where that follows from an epoch that is not over yet. */
interface Stand {
  step: number;
  stepCount: number | null;
  epoch: number;
  epochCount: number | null;
}

function standAt(step: number, options: NetworkOptions, [first]: readonly EpochLine[]): Stand {
  if (first === undefined)
    return { step, stepCount: options.steps ?? null, epoch: 0, epochCount: options.epochs ?? null };
  const schedule = new RunSchedule(options, first.steps, () => 0);
  const { stepCount, epochCount } = schedule;
  return { step, stepCount, epoch: schedule.epochsAfter(step), epochCount };
}

function standText({ step, stepCount, epoch, epochCount }: Stand): string {
  const of = (total: number | null) => (total === null ? '' : ` of ${count(total)}`);
  return `${count(step)}${of(stepCount)} steps, ${count(epoch)}${of(epochCount)} epochs`;
}

function networkOf(kind: NetworkRunKind, options: NetworkOptions): Record<string, unknown> {
  const names = ['architecture', ...kinds[kind].sizes];
  return Object.fromEntries(names.map((name) => [name, options[name as keyof NetworkOptions]]));
}

function networkText({ architecture, ...sizes }: Record<string, unknown>): string {
  return [architecture, ...Object.entries(sizes).map(([name, size]) => `${name} ${size}`)].join(', ');
}

function dataText({ name, path }: { name: string; path: string }, provenance: unknown): string {
  if (provenance === null) return `${name}, ${path}`;
  const { trainedImages, trainedSplits } = provenance as { trainedImages: number; trainedSplits: string };
  return `${name}, ${count(trainedImages)} images (${trainedSplits}), ${path}`;
}

/** What a line of the log says besides the means. */
const ofEveryLine: readonly string[] = ['epoch', 'step', 'steps', 'learningRate', 'time'];

function metricsText(line: EpochLine): string {
  return Object.entries(line)
    .filter(([name]) => !ofEveryLine.includes(name))
    .map(([name, mean]) => `${name} ${mean === null ? 'none' : mean.toFixed(4)}`)
    .join(', ');
}

interface WrittenFile {
  path: string;
  step?: number;
  size?: number;
  /** Why it is not whole. */
  fault?: string;
}

/** The network's file, read to its last byte; null where the run has written none. */
async function writtenFile(kind: NetworkRunKind, folder: string): Promise<WrittenFile | null> {
  try {
    const written = await writtenNetwork(kind, folder);
    if (written === null) return null;
    await verifyContent(written.file);
    return { path: written.file.path, step: written.step, size: written.file.size };
  } catch (error) {
    if (!hasCode(error, 'CHECKPOINT')) throw error;
    return { path: path.join(folder, networkRuns[kind].fileName), fault: (error as Error).message };
  }
}

function writtenText(written: WrittenFile | null, step: number): string {
  if (written === null) return 'nothing yet';
  const { path, size = 0, fault } = written;
  if (fault !== undefined) return fault;
  return `${path}, ${bytes(size)}${written.step === step ? '' : `, of step ${written.step}: the run went on`}`;
}
