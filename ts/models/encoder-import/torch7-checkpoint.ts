import { lossyText, T7Object, T7Table, T7Tensor, type T7Value } from '../../formats/t7/values';
import { childModules, describe, moduleName, printable } from './modules';

/** The fields of a module that hold its parameters; all other tensors are buffers of training. */
const parameters = new Set(['weight', 'bias']);

/**
 * The network of a file and the path to it: `protos.enc_doc` of a checkpoint that the authors' training wrote, or ''
 * where the file holds a bare network.
 */
export function locateNetwork(
  root: T7Value,
  fail: (what: string) => never,
): { network: T7Object; place: string } {
  if (root instanceof T7Object) {
    if (moduleName(root) === 'gModule') return { network: root, place: '' };
    return fail(`it holds ${root.className}, where a text encoder is an nn.gModule`);
  }
  if (!(root instanceof T7Table)) return fail(`it holds ${describe(root)}`);
  const protos = root.get('protos');
  const network = protos instanceof T7Table ? protos.get('enc_doc') : null;
  if (network instanceof T7Object && moduleName(network) === 'gModule')
    return { network, place: 'protos.enc_doc' };
  if (network !== null)
    return fail(`its \`protos.enc_doc\` is ${describe(network)}, where an nn.gModule is due`);
  const keys = [...root.entries.keys()].map((key) => shown(key)).slice(0, 8);
  return fail(`it is a table without \`protos.enc_doc\` (its keys: ${keys.join(', ') || 'none'})`);
}

/** What a checkpoint says of its training, and what of the file is not taken over. */
export function checkpointRemarks(
  root: T7Value,
  network: T7Object,
): { training: Record<string, string | number | boolean>; ignored: string[] } {
  const training: Record<string, string | number | boolean> = {};
  const ignored: string[] = [];
  for (const [key, value] of root instanceof T7Table ? root.entries : []) {
    const name = shown(key);
    if (isPlain(value)) training[name] = plain(value);
    else if (name === 'opt' && value instanceof T7Table)
      for (const [option, setting] of value.entries) {
        if (isPlain(setting)) training[`opt.${shown(option)}`] = plain(setting);
      }
    else if (name === 'protos' && value instanceof T7Table)
      for (const inner of value.entries.keys()) {
        if (inner !== 'enc_doc') ignored.push(`protos.${shown(inner)}`);
      }
    else if (name !== 'vocab') ignored.push(`${name} (${describe(value)})`);
  }
  const buffers = bufferCount(network);
  if (buffers > 0) ignored.push(`${buffers} buffers of training (gradients, last inputs and outputs)`);
  return { training, ignored };
}

/** Tensors with numbers among the fields of all modules that are no parameters. */
function bufferCount(network: T7Object): number {
  const seen = new Set<T7Value>([network]);
  let count = 0;
  for (const module of seen) {
    for (const child of childModules(module)) seen.add(child);
    if (!(module instanceof T7Object)) continue;
    for (const [name, value] of module.fields.entries)
      if (value instanceof T7Tensor && value.storage !== null && !parameters.has(String(name))) count++;
  }
  return count;
}

/** Words by place from 1, from a table of words to places or of places to words. */
export function vocabularyOf(root: T7Value, fail: (what: string) => never): string[] {
  const vocabulary = root instanceof T7Table ? root.get('vocab') : null;
  if (!(vocabulary instanceof T7Table))
    return fail('it is an encoder of words, but has no table `vocab`, without which no word has a place');
  const words: string[] = [];
  for (const [key, value] of vocabulary.entries) {
    const [place, word] = typeof key === 'number' ? [key, value] : [value, key];
    if (typeof place !== 'number' || !Number.isInteger(place) || typeof word !== 'string')
      return fail('its `vocab` is not a table of words and places');
    if (place < 1 || place > vocabulary.entries.size || words[place - 1] !== undefined)
      return fail(`its \`vocab\` gives place ${place} of ${vocabulary.entries.size}, or gives it twice`);
    words[place - 1] = lossyText(word);
  }
  return words;
}

function isPlain(value: T7Value): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function plain(value: string | number | boolean): string | number | boolean {
  return typeof value === 'string' ? printable(lossyText(value)) : value;
}

function shown(key: T7Value): string {
  return printable(lossyText(String(key)));
}
