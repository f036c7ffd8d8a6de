import { spawnSync } from 'node:child_process';
import { LibraryError } from '../errors';
import { type LibTorchFolder, librariesFor } from './libtorch-folder';

/**
 * Runs in a process of its own, since a library that crashes takes its process along. Node refuses a plain library
 * as an addon only after the dynamic linker has mapped it and bound every symbol, so that refusal is success.
 */
const program = `
  const { RTLD_NOW } = require('node:os').constants.dlopen;
  for (const path of JSON.parse(process.argv[1])) {
    try { process.dlopen({ exports: {} }, path, RTLD_NOW); }
    catch (error) {
      if (!/did not self-register/.test(error.message)) { console.error(error.message); process.reallyExit(1); }
    }
  }
  process.reallyExit(0);
`;

/**
 * Opens the libraries of a folder in a child process.
 * @throws {LibraryError} where one of them cannot be opened here, with the dynamic linker's reason.
 */
export function testLoading(folder: LibTorchFolder): void {
  const paths = librariesFor(folder, folder.flavour);
  const result = spawnSync(process.execPath, ['-e', program, JSON.stringify(paths)], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (result.status === 0) return;
  const reason =
    result.stderr.trim().split('\n')[0] || `the process ended by ${result.signal ?? result.status}`;
  throw new LibraryError(`LibTorch in ${folder.root} cannot be opened: ${reason}`, {
    hint: 'LibTorch needs glibc 2.28 or newer and the libstdc++ of GCC 9 or newer.',
  });
}
