import { UsageError } from '../../errors';
import { installLibTorch } from '../../native/install-libtorch';
import { hasNvidiaDriver } from '../../native/platform';
import type { Action } from '../context';

interface Options {
  cpu?: boolean;
  cuda?: boolean;
  from?: string;
}

export const run: Action<Options> = async ({ output }, { cpu, cuda, from }) => {
  if (cpu && cuda)
    throw new UsageError('`--cpu` must stand alone, but is given with --cuda', {
      hint: 'The libraries of --cuda serve CPUs, too.',
    });
  const flavour = cuda || (!cpu && hasNvidiaDriver()) ? 'cuda' : 'cpu';
  const onLine = (line: string) => {
    output.remark(line);
    output.event('progress', { title: line });
  };
  const { root, version } = await installLibTorch(flavour, { from, onLine });
  output.result(
    'libtorch',
    { path: root, version, flavour },
    `LibTorch ${version} (${flavour}) is in ${root}`,
  );
  return undefined;
};
