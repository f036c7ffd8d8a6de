/**
 * Wrote the files of `fixtures/v1`, once: `node -r ./test/support/typescript-hook.js test/formats/make-v1-fixtures.ts`.
 * A file of a version must load for ever, so this refuses to write over one. A new version gets a new folder.
 */
import fs from 'node:fs';
import path from 'node:path';
import { writeSmallPack } from '../support/small-pack';

async function main(): Promise<void> {
  const pack = path.join(__dirname, 'fixtures', 'v1', 'pack.safetensors');
  if (fs.existsSync(pack)) throw new Error(`${pack} exists, and is never rewritten`);
  await writeSmallPack(pack);
}

void main();
