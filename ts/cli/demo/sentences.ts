/**
 * What the demo draws. No caption of the built-in flowers is worded so (the demo looks), and eight of the pairs of
 * colors belong to no species of the training classes; two pairs of sentences are twins, with the colors swapped.
 */
export const demoSentences: readonly string[] = [
  'yellow petals around a red heart',
  'red petals around a yellow heart',
  'white petals around a purple center',
  'purple petals around a white center',
  'pink petals around a yellow center',
  'blue petals around a pink eye',
  'brown petals around a white eye',
  'orange petals around a brown center',
  'scarlet petals around a cobalt heart',
  'violet petals around an amber eye',
  'five round snowy petals around a sunny center',
  'two layers of golden petals around a chocolate center',
  'a dozen slender azure petals around a large lemon eye',
  'three rings of rosy petals around a ruby heart',
];

/** Pictures a sentence, each of its own noise; two sentences stand in a row. */
export const picturesPerSentence = 4;
