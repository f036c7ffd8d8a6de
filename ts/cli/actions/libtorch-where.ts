import { findLibTorch } from '../../native/find-libtorch';
import type { Action } from '../context';

interface Options {
  cuda?: boolean;
}

export const run: Action<Options> = async ({ output }, { cuda }) => {
  const { root, version, flavour, source } = findLibTorch({ device: cuda ? 'cuda' : 'cpu' });
  output.remark(`LibTorch ${version} (${flavour}), from ${source}:`);
  output.result('libtorch', { path: root, version, flavour, source }, root);
  return undefined;
};
