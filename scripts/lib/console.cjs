'use strict';
/** Plain lines on stderr: the same on a terminal, in a log and under CI. */

const started = Date.now();

/** One line with the seconds since the script began. */
function say(line) {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(4);
  process.stderr.write(`[${seconds} s] ${line}\n`);
}

/** A failure that the user can act on: a sentence and what to do, no stack trace. */
class SetupError extends Error {
  constructor(message, hint = '') {
    super(message);
    this.hint = hint;
  }
}

/** Prints any error as a user should see it. */
function report(error) {
  const known = error instanceof SetupError || typeof error.code === 'string';
  process.stderr.write(`\n${known ? error.message : error.stack}\n`);
  if (error.hint) process.stderr.write(`${error.hint}\n`);
}

/** Runs a script's main function; a failure sets exit code 1. */
function main(run) {
  run().catch((error) => {
    report(error);
    process.exitCode = 1;
  });
}

module.exports = { say, SetupError, report, main };
