import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { readSafetensorsHeader, readTensor } from '../../../../ts/formats/safetensors';
import { checkpointPaths } from '../../../../ts/models/model-file';

/** Every tensor of a checkpoint as hex, by name. */
export async function tensorsOf(file: string): Promise<Record<string, string>> {
  const opened = await readSafetensorsHeader(file);
  const entries = [...opened.tensors.keys()].map(
    async (name) => [name, Buffer.from(await readTensor(opened, name)).toString('hex')] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** Every tensor of a run's newest checkpoint. */
export async function newestTensors(runFolder: string): Promise<Record<string, string>> {
  const [newest] = await checkpointPaths(runFolder);
  return { file: path.basename(newest!.path), ...(await tensorsOf(newest!.path)) };
}

/** The lines of `metrics.jsonl` without their times. */
export function metricsOf(runFolder: string): Record<string, unknown>[] {
  return fs
    .readFileSync(path.join(runFolder, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { time: _, ...rest } = JSON.parse(line);
      return rest;
    });
}

/** The files of a run folder with the SHA-256 of those that hold no time. */
export function filesOf(runFolder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of fs.readdirSync(runFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const timed = /metrics\.jsonl|tfevents|run\.lock/.test(entry.name);
    files[path.relative(runFolder, file)] = timed
      ? ''
      : createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  }
  return files;
}
