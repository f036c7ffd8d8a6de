import { examine, type Finding } from '../../native/doctor';
import type { Action } from '../context';
import { ExitCode } from '../exit-codes';

const marks: Record<Finding['state'], string> = { ok: 'ok', missing: 'MISSING', absent: 'absent' };

export const run: Action<object> = async ({ output }) => {
  const findings = examine();
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(({ name, state, detail, remedy }) => {
    const line = `  ${marks[state].padEnd(7)}  ${name.padEnd(width)}  ${detail}`;
    return remedy === '' ? line : `${line}\n${' '.repeat(width + 13)}${remedy}`;
  });
  const missing = findings.filter(({ state }) => state === 'missing');
  const verdict =
    missing.length === 0
      ? 'Nothing is missing.'
      : `Missing: ${missing.map(({ name }) => name).join(', ')}. See the remedy below each.`;
  output.result('doctor', { findings, missing: missing.length }, `${lines.join('\n')}\n\n${verdict}`);
  return missing.length === 0 ? ExitCode.ok : ExitCode.failure;
};
