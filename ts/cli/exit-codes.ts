/** The exit codes of every command, as documented in `docs/cli.md`. */
export const ExitCode = { ok: 0, failure: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
