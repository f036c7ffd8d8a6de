import { existsSync, readFileSync } from 'node:fs';

/** The processor's name and the instruction sets that it has, as Linux spells them; empty elsewhere. */
export function cpuFeatures(): { model: string; flags: ReadonlySet<string> } {
  const info = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(info)?.[1]?.trim().split(' ') ?? [];
  return { model: /^model name\s*:\s*(.*)$/m.exec(info)?.[1] ?? process.arch, flags: new Set(flags) };
}
