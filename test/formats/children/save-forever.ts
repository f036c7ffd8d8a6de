/** Saves checkpoint after checkpoint until it is killed, and says "saved STEP" after each. */
import fs from 'node:fs';
import { sweepTemporaries } from '../../../ts/formats/atomic-file';
import { writeSafetensors } from '../../../ts/formats/safetensors-writer';

const [folder, writer, firstStep] = process.argv.slice(2) as [string, string, string];
const target = `${folder}/checkpoint.safetensors`;
const bytes = 4 << 20;

async function save(step: number): Promise<void> {
  const data = Buffer.alloc(bytes, step & 0xff);
  if (writer === 'atomic') {
    const metadata = { step: String(step) };
    await writeSafetensors(target, { metadata, tensors: [{ name: 'x', dtype: 'U8', shape: [bytes], data }] });
    return;
  }
  // The control: a file of the same kind, written where it stands.
  const header = Buffer.from(
    `{"__metadata__":{"step":"${step}"},"x":{"dtype":"U8","shape":[${bytes}],"data_offsets":[0,${bytes}]}}`,
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await fs.promises.writeFile(target, Buffer.concat([length, header, data]));
}

async function main(): Promise<void> {
  await sweepTemporaries(folder);
  for (let step = Number(firstStep); ; step++) {
    await save(step);
    fs.writeSync(1, `saved ${step}\n`);
  }
}

void main();
