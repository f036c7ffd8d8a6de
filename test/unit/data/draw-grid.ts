/** Draws a labelled grid and prints its SHA-256; run in an environment without fonts. */
import { createHash } from 'node:crypto';
import { labelledGrid } from '../../../ts/data/labelled-grid';

const image = {
  data: new Uint8Array(16 * 16 * 3),
  width: 16,
  height: 16,
  label: 'crimson petals, naïve heart',
};

void labelledGrid({ images: [image], columns: 1, title: 'Flowers' }).then((png) => {
  console.log(createHash('sha256').update(png).digest('hex'));
});
