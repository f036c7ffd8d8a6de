import fs from 'node:fs';
import { CheckpointError } from '../errors';
import { writeFileAtomic } from '../formats/atomic-file';
import { ioError, systemCode } from '../formats/io-error';
import type { EpochLine } from './metrics';

/** Reads `metrics.jsonl`; a last line that a killed process left unfinished is not there. None gives none. */
export async function readMetrics<Line extends EpochLine>(file: string): Promise<Line[]> {
  const text = await readText(file);
  const lines = text.split('\n');
  // What follows the last newline is empty or unfinished.
  lines.pop();
  return lines.map((line, i) => {
    try {
      return JSON.parse(line) as Line;
    } catch (error) {
      throw new CheckpointError(
        `\`${file}\` must hold one JSON object per line, but line ${i + 1} is none.`,
        {
          hint: 'It was altered: remove the bad line, or the file, and go on.',
          cause: error,
        },
      );
    }
  });
}

/** Appends a line and makes it durable, so that a checkpoint never knows an epoch that the log lost. */
export async function appendMetrics(file: string, line: EpochLine): Promise<void> {
  try {
    const handle = await fs.promises.open(file, 'a');
    try {
      await handle.appendFile(`${JSON.stringify(line)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw ioError(file, 'could not be written', error);
  }
}

/** Keeps the lines of epochs that were whole by `step`, and the lines' bytes as they are. */
export async function cutMetrics<Line extends EpochLine>(
  file: string,
  keep: (line: Line) => boolean,
): Promise<Line[]> {
  const lines = await readMetrics<Line>(file);
  const kept = lines.filter(keep);
  const text = kept.map((line) => `${JSON.stringify(line)}\n`).join('');
  if (text !== (await readText(file))) await writeFileAtomic(file, text);
  return kept;
}

async function readText(file: string): Promise<string> {
  try {
    return await fs.promises.readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw ioError(file, 'could not be read', error);
  }
}
