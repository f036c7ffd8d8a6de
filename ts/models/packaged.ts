import path from 'node:path';
import { packageRoot } from '../native/libtorch-pin';

/** The char-CNN-RNN that comes with florigen: trained on the training species of the built-in flowers (docs/models.md). */
export const packagedEncoder = path.join(packageRoot, 'models', 'flowers-encoder.safetensors');

/** The feature network that comes with florigen, in half precision: trained on mixed flowers (docs/models.md). */
export const packagedFeatures = path.join(packageRoot, 'models', 'flowers-features.safetensors');

/** The model in the box: a bundle trained at length on the built-in flowers (docs/models.md). */
export const packagedModel = path.join(packageRoot, 'models', 'flowers.safetensors');
