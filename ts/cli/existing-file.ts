import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors';

/** Refuses to write over a file unless `force` is set, and makes the folder that it goes into. */
export async function prepareOutputFile(
  file: string,
  options: { force?: boolean; flag: string },
): Promise<void> {
  const stat = await fs.promises.stat(file).catch(() => null);
  if (stat?.isDirectory())
    throw new UsageError(`\`${options.flag}\` must name a file, but ${file} is a folder`);
  if (stat !== null && !options.force)
    throw new UsageError(`\`${options.flag}\` must name a new file, but ${file} exists`, {
      hint: 'Choose another name, or add --force to replace it.',
    });
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
}
