import { type ImportedEncoder, importTextEncoder } from '../../models/encoder-import/import-encoder';
import type { Action } from '../context';
import { prepareOutputFile } from '../existing-file';
import { count, table } from '../format';

interface Options {
  out?: string;
  lowerCase?: boolean;
  force?: boolean;
}

export const run: Action<Options> = async ({ output }, { out, force, lowerCase = false }, [file]) => {
  if (out !== undefined) await prepareOutputFile(out, { force, flag: '--out' });
  const imported = await importTextEncoder(file!, out === undefined ? { lowerCase } : { lowerCase, out });
  output.result('encoder', imported, summary(imported));
  return undefined;
};

function summary(imported: ImportedEncoder): string {
  const { path, layout, id, options, fingerprint, parameters, tensors, training, ignored, out } = imported;
  const shown = Object.entries(options).map(([name, value]) =>
    Array.isArray(value) ? `${name} of ${count(value.length)}` : `${name} ${String(value)}`,
  );
  const rows = [
    ['found', `${id}: ${shown.join(', ')}`],
    ['in', layout],
    ['parameters', count(parameters)],
    ['fingerprint', fingerprint],
    ...Object.entries(training).map(([name, value]) => [`training ${name}`, String(value)]),
    ...ignored.map((what) => ['ignored', what]),
  ];
  const parts = tensors.map(({ name, shape, from, type }) => [name, `[${shape.join(', ')}]`, type, from]);
  const end = out === null ? 'Nothing was written: add --out.' : `${out} holds the encoder.`;
  return `${path}\n${table(rows)}\n${table(parts)}\n${end}`;
}
