import { z } from 'zod';
import type { Engine } from '../models/engine';

/** What the bits of a run depend on besides its options and the versions in its provenance. */
export const machineSchema = z.looseObject({
  device: z.string(),
  threads: z.int(),
  /** As LibTorch names it: AVX2, AVX512, ... */
  cpuCapability: z.string(),
});

/** What a run was computed on. */
export type MachineRecord = z.infer<typeof machineSchema>;

export function machineOf({ device, runtime }: Engine): MachineRecord {
  return { device, threads: runtime.threads, cpuCapability: runtime.cpuCapability };
}

/** A sentence where a run goes on with other arithmetic than it began with; else empty. */
export function machineNotice(before: MachineRecord, now: MachineRecord): string {
  const differences = (['device', 'threads', 'cpuCapability'] as const)
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name} was ${before[name]} and is ${now[name]}`);
  if (differences.length === 0) return '';
  return `The run goes on, but not bit for bit as it would have: ${differences.join(', ')}.`;
}
