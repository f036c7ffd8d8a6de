import type { Command } from 'commander';
import type { Session } from '../context';
import { jsonOption } from './values';

export function addDoctorCommand(program: Command, session: Session): void {
  const command = program
    .command('doctor')
    .summary('say what this machine has, and how to get what is missing')
    .description(
      'Look for Node, compiler, CMake, LibTorch, CPU features, CUDA devices and free disk. Exit code 1 where ' +
        'something is missing, with the remedy.',
    )
    .addOption(jsonOption());
  session.bind(command, () => import('../actions/doctor.js'));
}

const installHelp = `
LibTorch goes into FLORIGEN_HOME, else XDG_CACHE_HOME/florigen, else ~/.cache/florigen. By default it is the wheel
that pip would fetch, through \`python3 -m pip\`, so your own index, proxy and certificates apply; every file is
checked by SHA-256. An interrupted download keeps what is whole.

Examples:
  florigen libtorch install
  florigen libtorch install --cuda
  florigen libtorch install --from wheels/`;

export function addLibtorchCommands(program: Command, session: Session): void {
  const libtorch = program.command('libtorch').summary('find or fetch LibTorch, the engine below');
  libtorch.description('LibTorch does the arithmetic. Its version is pinned.');

  const install = libtorch
    .command('install')
    .description('Fetch LibTorch into the cache.')
    .option('--cpu', 'the libraries for CPUs only (the default where no NVIDIA driver is)')
    .option('--cuda', 'also the libraries for NVIDIA GPUs')
    .option('--from <file|dir|url>', 'take it from there instead of asking pip')
    .addOption(jsonOption())
    .addHelpText('after', installHelp);
  session.bind(install, () => import('../actions/libtorch-install.js'));

  const where = libtorch
    .command('where')
    .description('Print the folder of the LibTorch that would be used. Exit code 1 where there is none.')
    .option('--cuda', 'only one with CUDA counts')
    .addOption(jsonOption());
  session.bind(where, () => import('../actions/libtorch-where.js'));
}
