import { contactSheet } from '../../data/contact-sheet';
import { Dataset } from '../../data/dataset';
import { writeFileAtomic } from '../../formats/atomic-file';
import type { Action } from '../context';
import { prepareOutputFile } from '../existing-file';
import { reportPack } from '../pack-report';

interface Options {
  out?: string;
  count: number;
  seed: number;
}

export const run: Action<Options> = async ({ output }, { out, count, seed }, [pack]) => {
  const sheet = out ?? `${pack!.replace(/\.safetensors$/, '')}.png`;
  await reportPack(output, pack!);
  await prepareOutputFile(sheet, { force: true, flag: '--out' });
  await writeFileAtomic(sheet, await contactSheet(await Dataset.open(pack!), { count, seed }));
  output.result('sheet', { path: sheet }, `The contact sheet is ${sheet}`);
  return undefined;
};
