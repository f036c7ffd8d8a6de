import { FlorigenError } from '../errors';

const hints: Record<string, string> = {
  ENOSPC: 'Free some disk space, or write to another disk, and run the command again.',
  EDQUOT: 'Your disk quota is used up: free some space, or write to another disk.',
  EFBIG: 'The limit on file sizes is too low: see `ulimit -f`.',
  EACCES: 'Choose a folder that you may write to, or change its permissions.',
  EPERM: 'Choose a folder that you may write to, or change its permissions.',
  EROFS: 'The file system is read-only: choose another folder.',
  EIO: 'The disk reports a fault: write to another disk, and check this one.',
  ENOENT: 'Check the path: the file or its folder does not exist.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
  EISDIR: 'The path names a folder, but a file is needed.',
  EMFILE: 'Too many files are open: see `ulimit -n`.',
};

/** The system's code of an error (`ENOSPC`, `EIO`, ...), or `undefined` for an error of another kind. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('syscall' in error)) return undefined;
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : undefined;
}

/**
 * A failed system call as a `FlorigenError` with code `IO`. Errors of any other kind come back unchanged.
 * @param action what was tried, as in "could not be written"
 */
export function ioError(path: string, action: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new FlorigenError('IO', `\`${path}\` ${action}: ${reason(code, error)}.`, {
    hint: hints[code] ?? '',
    cause: error,
  });
}

function reason(code: string, error: unknown): string {
  const words: Record<string, string> = {
    ENOSPC: 'no space is left on the disk',
    EDQUOT: 'the disk quota is used up',
    EFBIG: 'the file would be larger than allowed',
    EACCES: 'permission is denied',
    EPERM: 'permission is denied',
    EROFS: 'the file system is read-only',
    EIO: 'the disk reports an input or output fault',
    ENOENT: 'there is no such file or folder',
    ENOTDIR: 'a part of the path is not a folder',
    EISDIR: 'it is a folder',
    EMFILE: 'too many files are open',
  };
  const said = words[code];
  return said === undefined ? String((error as Error).message) : `${said} (${code})`;
}
