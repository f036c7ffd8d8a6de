/**
 * Kills a training process with SIGKILL at random moments, 50 times or as often as the first argument says, and
 * compares every continued run with one that was never killed. Prints a report as JSON; exit code 1 at a fault.
 */
require('../support/typescript-hook.js');
const { killLoop } = require('../integration/support/kill-loop.ts');

const kills = Number(process.argv[2] ?? 50);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 32);
killLoop({
  kills,
  seed,
  onKill: (report) => process.stderr.write(`${report.kills} of ${kills} kills\n`),
}).then(
  (report) => console.log(JSON.stringify({ name: 'kill-loop', seed, ...report })),
  (error) => {
    console.error(`seed ${seed}: ${error.stack}`);
    process.exitCode = 1;
  },
);
