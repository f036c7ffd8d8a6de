import { exportBundle } from '../../models/bundle';
import type { Action } from '../context';
import { prepareOutputFile } from '../existing-file';
import { bytes, count } from '../format';

interface Options {
  out: string;
  half?: boolean;
  force?: boolean;
}

export const run: Action<Options> = async ({ output }, { out, half, force }, [runFolder]) => {
  await prepareOutputFile(out, { force, flag: '--out' });
  const bundle = await exportBundle(runFolder!, out, { half: half === true });
  const text = `${out} (${bytes(bundle.bytes)}) holds the generator of ${bundle.source}, trained for ${count(bundle.step)} steps`;
  output.result('bundle', bundle, text);
  return undefined;
};
