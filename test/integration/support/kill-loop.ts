import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TrainingInput } from '../../../ts/models/option-schema';
import { Checkpoint } from '../../../ts/training/checkpoint';
import { filesOf, metricsOf } from '../../unit/training/support/run-contents';
import { TrainingChild } from './child';
import { tinyFolder, tinyOptions } from './tiny-run';

/** What a loop of kills found. */
export interface KillReport {
  kills: number;
  /** Runs that were killed until they were whole. */
  runs: number;
  /** Kills by what the process was about: before its first step, in an epoch, while saving (a temporary file). */
  moments: { starting: number; training: number; saving: number };
}

/** Numbers from 0 to 1 that a failing loop can be repeated with. */
function numbersOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Kills training processes with SIGKILL at random moments, at least `kills` times. After each kill every checkpoint
 * must be whole and none of the saved steps lost; every run, when whole, must equal one that was never killed, logs
 * included. @throws Error at the first fault
 */
export async function killLoop(options: {
  kills: number;
  seed: number;
  /** Called after each kill. */
  onKill?: (report: KillReport) => void;
}): Promise<KillReport> {
  const { kills, seed, onKill = () => {} } = options;
  const { folder, pack } = await tinyFolder();
  const training: TrainingInput = { ...tinyOptions, epochs: 6 };
  const random = numbersOf(seed);
  const report: KillReport = { kills: 0, runs: 0, moments: { starting: 0, training: 0, saving: 0 } };
  try {
    const whole = path.join(folder, 'whole');
    const started = performance.now();
    await new TrainingChild(whole, pack, training).endsWell();
    const duration = performance.now() - started;
    while (report.kills < kills) {
      const runFolder = path.join(folder, `run-${report.runs}`);
      await killUntilWhole({ runFolder, pack, training, duration, kills, random, report, onKill });
      requireEqual(runFolder, whole);
      report.runs++;
      fs.rmSync(runFolder, { recursive: true });
    }
    return report;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function killUntilWhole(loop: {
  runFolder: string;
  pack: string;
  training: TrainingInput;
  duration: number;
  kills: number;
  random: () => number;
  report: KillReport;
  onKill: (report: KillReport) => void;
}): Promise<void> {
  const { runFolder, report } = loop;
  let saved = 0;
  for (;;) {
    const child = new TrainingChild(runFolder, loop.pack, loop.training);
    // enough kills: the run is left alone until it is whole
    const killing = report.kills < loop.kills;
    const delay = sleep(loop.random() * loop.duration);
    await (killing ? Promise.race([delay, child.ended]) : child.ended);
    child.process.kill('SIGKILL');
    const { code, signal } = await child.ended;
    if (signal !== 'SIGKILL') {
      if (code === 0) return;
      throw new Error(`the process ended with ${code ?? signal} at kill ${report.kills}:\n${child.output}`);
    }
    report.kills++;
    report.moments[momentOf(runFolder, child.output)]++;
    saved = await requireSound(runFolder, saved);
    loop.onKill(report);
  }
}

function momentOf(runFolder: string, output: string): keyof KillReport['moments'] {
  if (!output.includes('step ')) return 'starting';
  const names = fs.readdirSync(runFolder, { recursive: true }).map(String);
  return names.some((name) => name.includes('.tmp-')) ? 'saving' : 'training';
}

/** @returns the newest saved step, which must not be before the one of last time */
async function requireSound(runFolder: string, savedBefore: number): Promise<number> {
  if (!fs.existsSync(runFolder)) return savedBefore;
  const checkpoints = await Checkpoint.list(runFolder);
  for (const { path: file } of checkpoints) await Checkpoint.inspect(file);
  const saved = checkpoints[0]?.step ?? 0;
  if (saved < savedBefore) throw new Error(`step ${savedBefore} was saved, but only ${saved} is left`);
  return saved;
}

function requireEqual(runFolder: string, whole: string): void {
  const read = (folder: string) => JSON.stringify([filesOf(folder), metricsOf(folder)], null, 1);
  if (read(runFolder) !== read(whole))
    throw new Error(`the killed run differs from the whole one:\n${read(runFolder)}\n${read(whole)}`);
}
