import { CheckpointError } from '../errors';
import { checkpointPaths, openModelFile, resolveModelPath } from '../models/model-file';
import { bytes, count, table } from './format';
import type { Output } from './output';

/** Says what a run folder holds: its checkpoints, and what the model that would draw was trained on. */
export async function inspectRun(output: Output, folder: string): Promise<undefined> {
  const model = await openModelFile(await resolveModelPath(folder));
  const checkpoints = await Promise.all(
    (await checkpointPaths(folder)).map(async ({ step, path }) => ({
      step,
      path,
      ...(await sizeOrFault(path)),
    })),
  );
  const { provenance, network, textEncoder } = model;
  const rows = [
    ['is', 'a training run'],
    ['draws with', model.file.path],
    ['preset', provenance.preset],
    ['network', JSON.stringify(network)],
    ['text encoder', `${textEncoder.id} (${textEncoder.fingerprint.slice(0, 12)})`],
    ['trained', `${count(provenance.step)} steps, ${count(provenance.epoch)} whole epochs`],
    [
      'on',
      `${provenance.dataset.name}, ${count(provenance.trainedImages)} images (${provenance.trainedSplits})`,
    ],
    ...checkpoints.map(({ step, size, fault }) => [`step ${step}`, fault ?? bytes(size ?? 0)]),
  ];
  const fields = {
    path: folder,
    kind: 'run',
    model: model.file.path,
    provenance,
    network,
    textEncoder,
    checkpoints,
  };
  output.result('inspect', fields, `${folder}\n${table(rows)}`);
  return undefined;
}

/** A run is worth inspecting most when one of its checkpoints is bad, so that is told and no failure. */
async function sizeOrFault(path: string): Promise<{ size?: number; fault?: string }> {
  try {
    return { size: (await openModelFile(path)).file.size };
  } catch (error) {
    if (error instanceof CheckpointError) return { fault: error.message };
    throw error;
  }
}
