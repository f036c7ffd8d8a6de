/** The data that both sides of the benchmark read: random pictures, embeddings and a plan of a few batches. */
const { writeSafetensors } = require('../../lib/formats/safetensors-writer.js');

const imageCount = 64;
const captionCount = 256;
const captionsPerImage = 4;
const storedSide = 76;

/** A small generator of its own: what the numbers are does not matter, only that both sides see the same. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function fill(array, value) {
  for (let i = 0; i < array.length; i++) array[i] = value();
  return array;
}

const bytesOf = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/**
 * Writes images, embeddings and the columns of `batches` batches.
 * @returns the columns by name, Int32
 */
async function writeData(path, { batch, textSize, batches }) {
  const below = random(1);
  const rows = batch * batches;
  const column = (limit, values = 1) => fill(new Int32Array(rows * values), () => below(limit));
  const columns = {
    image: column(imageCount),
    cropX: column(storedSide - 63),
    cropY: column(storedSide - 63),
    flip: column(2),
    captions: column(captionCount, captionsPerImage),
    mismatchedImage: column(imageCount),
    mismatchedCropX: column(storedSide - 63),
    mismatchedCropY: column(storedSide - 63),
    mismatchedFlip: column(2),
  };
  const images = fill(new Uint8Array(imageCount * storedSide * storedSide * 3), () => below(256));
  const sentence = fill(new Float32Array(captionCount * textSize), () => (below(2001) - 1000) / 1000);
  const tensors = [
    { name: 'images', dtype: 'U8', shape: [imageCount, storedSide, storedSide, 3], data: images },
    { name: 'sentence', dtype: 'F32', shape: [captionCount, textSize], data: bytesOf(sentence) },
  ];
  for (const [name, values] of Object.entries(columns)) {
    const shape = name === 'captions' ? [rows, captionsPerImage] : [rows];
    tensors.push({ name, dtype: 'I32', shape, data: bytesOf(values) });
  }
  await writeSafetensors(path, { metadata: { format: 'florigen.step-benchmark' }, tensors });
  return columns;
}

module.exports = { writeData, captionsPerImage };
