/** Saves 3 MB over a file and prints the error's code, message and hint as JSON; for a run under `ulimit -f`. */
import { writeSafetensors } from '../../../ts/formats/safetensors-writer';

const bytes = 3 << 20;
const tensors = [{ name: 'x', dtype: 'U8' as const, shape: [bytes], data: Buffer.alloc(bytes) }];

writeSafetensors(process.argv[2]!, { tensors }).then(
  () => console.log('{}'),
  ({ code, message, hint }) => console.log(JSON.stringify({ code, message, hint })),
);
