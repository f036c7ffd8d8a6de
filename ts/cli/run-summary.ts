import { openModelFile, resolveModelPath } from '../models/model-file';
import { networkRunKind } from '../models/network-runs';
import { checkpointParts, listCheckpoints } from './checkpoint-list';
import { count, table } from './format';
import { inspectNetworkRun } from './network-run-summary';
import type { Output } from './output';

/** Says what a run folder holds, whatever the run trains. */
export async function inspectRun(output: Output, folder: string): Promise<undefined> {
  const kind = await networkRunKind(folder);
  return kind === null ? await inspectGanRun(output, folder) : await inspectNetworkRun(output, folder, kind);
}

/** Its checkpoints, and what the model that would draw was trained on. */
async function inspectGanRun(output: Output, folder: string): Promise<undefined> {
  const model = await openModelFile(await resolveModelPath(folder));
  const checkpoints = checkpointParts(await listCheckpoints(folder, openModelFile));
  const { provenance, network, textEncoder } = model;
  const rows = [
    ['is', 'a training run of a GAN'],
    ['draws with', model.file.path],
    ['preset', provenance.preset],
    ['network', JSON.stringify(network)],
    ['text encoder', `${textEncoder.id} (${textEncoder.fingerprint.slice(0, 12)})`],
    ['trained', `${count(provenance.step)} steps, ${count(provenance.epoch)} whole epochs`],
    [
      'on',
      `${provenance.dataset.name}, ${count(provenance.trainedImages)} images (${provenance.trainedSplits})`,
    ],
    ...checkpoints.rows,
  ];
  const fields = {
    path: folder,
    kind: 'run',
    trains: 'gan',
    model: model.file.path,
    provenance,
    network,
    textEncoder,
    checkpoints: checkpoints.fields,
  };
  output.result('inspect', fields, `${folder}\n${table(rows)}`);
  return undefined;
}
