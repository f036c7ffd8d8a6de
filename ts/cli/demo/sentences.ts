/**
 * What the demo draws. No caption of the built-in flowers is worded so (the demo looks); the last four ask for flowers
 * that no trained species is, and two pairs of sentences are twins, with the colors exchanged.
 */
export const demoSentences: readonly string[] = [
  'yellow petals around a purple heart',
  'purple petals around a yellow heart',
  'white petals around a blue center',
  'blue petals around a white center',
  'pink petals around a white eye',
  'purple petals around a pink center',
  'orange petals around a yellow center',
  'brown petals around a red eye',
  'scarlet petals around a tangerine heart',
  'azure petals around a chestnut eye',
  'five round snowy petals around a sunny center',
  'twelve golden petals around a chocolate center',
  'a dozen slender crimson petals around a large lemon eye',
  'three rings of rosy petals around a ruby heart',
];

/** Pictures a sentence, each of its own noise; two sentences stand in a row. */
export const picturesPerSentence = 4;
