/** What else the machine did: processor time of all processes less that of our own, and the kernel's pressure. */
const { readFileSync } = require('node:fs');
const { cpus } = require('node:os');

const ticksPerSecond = 100;

/** Seconds that all processors were busy since boot. */
function busySeconds() {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** Seconds of processor time of one process and its threads. */
function processSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** "some avg10" of the kernel's pressure: percent of the time in which a runnable task waited. */
function pressure() {
  return Number(/avg10=([\d.]+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))[1]);
}

function snapshot(pids) {
  const own = [process.pid, ...pids].reduce((sum, pid) => sum + processSeconds(pid), 0);
  return { time: Number(process.hrtime.bigint()) / 1e9, busy: busySeconds(), own };
}

/** The share of all processors that others used between two snapshots. */
function foreignShare(before, after) {
  const foreign = after.busy - before.busy - (after.own - before.own);
  return Math.max(0, foreign / (after.time - before.time) / cpus().length);
}

module.exports = { snapshot, foreignShare, pressure };
