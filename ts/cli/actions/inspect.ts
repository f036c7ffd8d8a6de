import fs from 'node:fs';
import {
  readSafetensorsHeader,
  type SafetensorsFile,
  type SafetensorsTensor,
  verifyContent,
} from '../../formats/safetensors';
import type { Action, CommandContext } from '../context';
import { bytes, count, table } from '../format';
import { inspectRun } from '../run-summary';

interface Options {
  tensors?: boolean;
  verify?: boolean;
}

const kinds: Record<string, string> = {
  'florigen.pack': 'a packed data set',
  'florigen.encoder': 'a trained text encoder',
  'florigen.embeddings': 'embeddings of the captions of a pack',
  'florigen.features': 'features of the images of a pack',
  'florigen.features-network': 'a trained feature network',
  'florigen.tokens': 'tokens of the captions of a pack',
  'florigen.labels': 'labels of the images of a pack',
  'florigen.encoder-checkpoint': 'a checkpoint of the training of a text encoder',
  'florigen.features-checkpoint': 'a checkpoint of the training of a feature network',
  'florigen.checkpoint': 'a checkpoint of a training run',
  'florigen.bundle': 'a bundle: a generator that is ready to draw',
};

/** Names the file's kind, its metadata and its tensors; florigen's own kinds need nothing more, all is metadata. */
export const run: Action<Options> = async (context, options, [path]) => {
  if ((await fs.promises.stat(path!)).isDirectory()) return inspectRun(context.output, path!);
  const file = await readSafetensorsHeader(path!);
  if (options.verify) await verify(context, file);
  const fields = { path, size: file.size, ...describe(file), verified: options.verify === true };
  const tensors = [...file.tensors].map(([name, tensor]) => ({
    name,
    dtype: tensor.dtype,
    shape: tensor.shape,
  }));
  const rows = tensors.map(({ name, dtype, shape }) => [name, dtype, `[${shape.join(', ')}]`]);
  const list = options.tensors ? `\n${table(rows)}` : '';
  context.output.result('inspect', { ...fields, tensors }, summary(file, options) + list);
  return undefined;
};

async function verify(context: CommandContext, file: SafetensorsFile): Promise<void> {
  const { signal } = context.listen('stopping.');
  await verifyContent(file, { signal });
}

function describe(file: SafetensorsFile): { kind: string; metadata: Record<string, unknown> } {
  const entries = [...file.metadata].map(([name, text]) => [name, parseJson(text)] as const);
  const kind = kinds[file.metadata.get('format') ?? ''] ?? 'a safetensors file that florigen did not write';
  return { kind, metadata: Object.fromEntries(entries) };
}

function summary(file: SafetensorsFile, options: Options): string {
  const { kind, metadata } = describe(file);
  const tensors = [...file.tensors.values()];
  const numbers = tensors.reduce((sum, tensor) => sum + elements(tensor), 0);
  const rows = [
    ['is', kind],
    ['size', `${bytes(file.size)}; ${count(tensors.length)} tensors with ${count(numbers)} numbers`],
  ];
  if (options.verify) rows.push(['verified', 'the data is what was written']);
  for (const [name, value] of Object.entries(metadata)) rows.push(...metadataRows(name, value));
  return `${file.path}\n${table(rows)}`;
}

/** Objects are laid out two levels deep; deeper and longer values stay JSON, cut to a line. */
function metadataRows(name: string, value: unknown, depth = 0): string[][] {
  if (depth < 2 && typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, inner]) => metadataRows(`${name}.${key}`, inner, depth + 1));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [[name, text.length > 100 ? `${text.slice(0, 97)}...` : text]];
}

const elements = (tensor: SafetensorsTensor) => tensor.shape.reduce((product, size) => product * size, 1);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
